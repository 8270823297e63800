# The REST API, with the same backend and the same authorizer.

resource "aws_api_gateway_rest_api" "orders" {
  #checkov:skip=CKV_AWS_237:a deployment is replaced before the old one goes; the API itself never is
  name        = "${var.name}-rest"
  description = "Sample API behind Claimwright's authorizer."

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_resource" "all" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  parent_id   = aws_api_gateway_rest_api.orders.root_resource_id
  path_part   = "{proxy+}"
}

resource "aws_api_gateway_method" "all" {
  #checkov:skip=CKV2_AWS_53:one method takes every call, whatever its form; the backend judges it
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  resource_id   = aws_api_gateway_resource.all.id
  http_method   = "ANY"
  authorization = "CUSTOM"
  authorizer_id = module.claimwright.rest_authorizer_id
}

resource "aws_api_gateway_integration" "backend" {
  rest_api_id             = aws_api_gateway_rest_api.orders.id
  resource_id             = aws_api_gateway_resource.all.id
  http_method             = aws_api_gateway_method.all.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = local.backend_invoke_arn
}

# A REST API serves a snapshot, so what is in it makes a new one when it changes. Single attributes, not whole
# resources: those read back differ from those just made, and the second apply would deploy again.
resource "aws_api_gateway_deployment" "orders" {
  rest_api_id = aws_api_gateway_rest_api.orders.id

  triggers = {
    snapshot_of = sha256(jsonencode([
      aws_api_gateway_resource.all.path_part,
      aws_api_gateway_method.all.http_method,
      aws_api_gateway_method.all.authorization,
      aws_api_gateway_method.all.authorizer_id,
      module.claimwright.rest_authorizer_digest,
      aws_api_gateway_integration.backend.type,
      aws_api_gateway_integration.backend.uri,
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "live" {
  #checkov:skip=CKV_AWS_73:X-Ray would show the gateway only, the functions are not traced
  #checkov:skip=CKV_AWS_76:REST APIs write access logs with a role of the whole account, which a sample must not set
  #checkov:skip=CKV_AWS_120:the answers differ by caller; only the authorizer's are kept
  #checkov:skip=CKV2_AWS_4:REST APIs write logs with a role of the whole account, which a sample must not set
  #checkov:skip=CKV2_AWS_29:a web firewall costs by the month, too much for a sample
  #checkov:skip=CKV2_AWS_51:callers bring tokens, not certificates
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  deployment_id = aws_api_gateway_deployment.orders.id
  stage_name    = "live"
}
