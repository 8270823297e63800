# The authorizer as each gateway knows it, and the permission of that gateway's authorizer to invoke it.

locals {
  # Where the token stands, as the function reads it.
  token_places = [
    for place in split(",", lookup(var.authorizer_environment, "CLAIMWRIGHT_TOKEN_FROM", "header:authorization")) : trimspace(place)
  ]

  # What answers are kept by. Without the token in it, one caller would get another's answer. A gateway demands each
  # source, so of several places it is told none, and a call with the token in any of them reaches the function.
  token_sources = length(local.token_places) > 1 ? [] : [
    for place in local.token_places : (
      startswith(place, "header:")
      # As people write it: x-token is X-Token. Gateways read it in any case.
      ? "header.${join("-", [for word in split("-", lower(trimprefix(place, "header:"))) : title(word)])}"
      : "querystring.${trimprefix(place, "query:")}"
    )
  ]

  http_sources = var.http_api == null ? [] : concat(
    [for source in local.token_sources : "$request.${source}"],
    var.http_api.cache_per_call && var.http_api.ttl_seconds > 0 ? ["$context.httpMethod", "$context.path"] : [],
  )

  # Told as one, so that the digest of it has all that a change may change.
  rest_authorizer = var.rest_api == null ? null : {
    name        = "${var.name}-authorizer"
    type        = var.rest_api.type
    ttl_seconds = var.rest_api.ttl_seconds
    # An empty text is no source; left out, the provider would take the header Authorization.
    identity_source = join(",", concat(
      [for source in local.token_sources : "method.request.${source}"],
      var.rest_api.cache_per_call && var.rest_api.ttl_seconds > 0 ? ["context.httpMethod", "context.path"] : [],
    ))
  }

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

  identity_sources = local.http_sources
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
  name                             = local.rest_authorizer.name
  type                             = local.rest_authorizer.type
  authorizer_uri                   = module.authorizer[0].invoke_arn
  authorizer_result_ttl_in_seconds = local.rest_authorizer.ttl_seconds
  identity_source                  = local.rest_authorizer.identity_source
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
