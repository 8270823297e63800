output "user_pool_id" {
  description = "Id of the user pool."
  value       = module.claimwright.user_pool_id
}

output "user_pool_client_id" {
  description = "Id of the app client through which people sign in."
  value       = module.claimwright.user_pool_client_id
}

output "claimwright" {
  description = "What Claimwright is made of, for `claims doctor --outputs FILE`."
  value       = module.claimwright.claimwright
}

output "machine_client_secret" {
  description = "Secret of the machines' app client."
  value       = module.claimwright.machine_client_secret
  sensitive   = true
}

output "http_api" {
  description = "The HTTP API: id, stage and address."
  value = {
    id    = aws_apigatewayv2_api.orders.id
    stage = aws_apigatewayv2_stage.default.name
    url   = aws_apigatewayv2_api.orders.api_endpoint
  }
}

output "rest_api" {
  description = "The REST API: id, stage and address."
  value = {
    id    = aws_api_gateway_rest_api.orders.id
    stage = aws_api_gateway_stage.live.stage_name
    url   = aws_api_gateway_stage.live.invoke_url
  }
}
