# The HTTP API. One route takes every call: the contract says who may make it, and denies what it does not speak of.

resource "aws_apigatewayv2_api" "orders" {
  name          = "${var.name}-http"
  description   = "Sample API behind Claimwright's authorizer."
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "backend" {
  api_id                 = aws_apigatewayv2_api.orders.id
  integration_type       = "AWS_PROXY"
  integration_uri        = local.backend_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "all" {
  api_id             = aws_apigatewayv2_api.orders.id
  route_key          = "ANY /{proxy+}"
  target             = "integrations/${aws_apigatewayv2_integration.backend.id}"
  authorization_type = "CUSTOM"
  authorizer_id      = module.claimwright.http_authorizer_id
}

resource "aws_apigatewayv2_stage" "default" {
  #checkov:skip=CKV_AWS_76:the authorizer writes a line for each decision; a sample keeps no second log
  api_id      = aws_apigatewayv2_api.orders.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_burst_limit = 100
    throttling_rate_limit  = 50
  }
}
