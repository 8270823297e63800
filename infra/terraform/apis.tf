# The authorizer as each gateway knows it, and the permission of that gateway's authorizer to invoke it.

locals {
  token_elsewhere = contains(keys(var.authorizer_environment), "CLAIMWRIGHT_TOKEN_FROM")

  execute_api = "arn:${local.partition}:execute-api:${local.region}:${local.account}"
}

resource "aws_apigatewayv2_authorizer" "http" {
  count = var.http_api == null ? 0 : 1

  api_id                            = var.http_api.id
  name                              = "${var.name}-authorizer"
  authorizer_type                   = "REQUEST"
  authorizer_uri                    = module.authorizer[0].invoke_arn
  authorizer_payload_format_version = "2.0"
  authorizer_result_ttl_in_seconds  = var.http_api.ttl_seconds

  # A simple response knows no routes: kept, it would let a token that may call one call all.
  enable_simple_responses = var.http_api.simple_responses

  # What an answer is kept by. Without the header in it, one caller would get another's answer. Where the token stands
  # elsewhere, nothing is kept, and a call without the header must reach the function all the same.
  identity_sources = local.token_elsewhere ? [] : concat(
    ["$request.header.Authorization"],
    var.http_api.cache_per_call ? ["$context.httpMethod", "$context.path"] : [],
  )
}

resource "aws_lambda_permission" "http" {
  count = var.http_api == null ? 0 : 1

  statement_id  = "http-api"
  action        = "lambda:InvokeFunction"
  function_name = module.authorizer[0].name
  qualifier     = module.authorizer[0].alias
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${local.execute_api}:${var.http_api.id}/authorizers/${aws_apigatewayv2_authorizer.http[0].id}"
}

resource "aws_api_gateway_authorizer" "rest" {
  count = var.rest_api == null ? 0 : 1

  rest_api_id                      = var.rest_api.id
  name                             = "${var.name}-authorizer"
  type                             = var.rest_api.type
  authorizer_uri                   = module.authorizer[0].invoke_arn
  authorizer_result_ttl_in_seconds = var.rest_api.ttl_seconds
  identity_source = join(",", concat(
    ["method.request.header.Authorization"],
    var.rest_api.cache_per_call ? ["context.httpMethod", "context.path"] : [],
  ))
}

resource "aws_lambda_permission" "rest" {
  count = var.rest_api == null ? 0 : 1

  statement_id  = "rest-api"
  action        = "lambda:InvokeFunction"
  function_name = module.authorizer[0].name
  qualifier     = module.authorizer[0].alias
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${local.execute_api}:${var.rest_api.id}/authorizers/${aws_api_gateway_authorizer.rest[0].id}"
}
