# Said once, for each output of its own and for the one that holds all.
locals {
  outputs = {
    region                      = local.region
    trigger_version             = var.trigger_version
    user_pool_id                = local.user_pool_id
    user_pool_client_id         = one(aws_cognito_user_pool_client.people[*].id)
    machine_client_id           = one(aws_cognito_user_pool_client.machine[*].id)
    token_endpoint              = one([for domain in aws_cognito_user_pool_domain.this : "https://${domain.domain}.auth.${local.region}.amazoncognito.com/oauth2/token"])
    issuer                      = local.issuer
    tables                      = local.table_names
    trigger_function_name       = module.token_trigger.name
    trigger_function_arn        = module.token_trigger.arn
    trigger_function_version    = module.token_trigger.version
    trigger_serving_version     = module.token_trigger.weights.stable
    authorizer_function_name    = one(module.authorizer[*].name)
    authorizer_function_arn     = one(module.authorizer[*].arn)
    authorizer_invoke_arn       = one(module.authorizer[*].invoke_arn)
    authorizer_function_version = one(module.authorizer[*].version)
    authorizer_serving_version  = one(module.authorizer[*].weights.stable)
    http_api_id                 = one(var.http_api[*].id)
    http_authorizer_id          = one(aws_apigatewayv2_authorizer.http[*].id)
    rest_api_id                 = one(var.rest_api[*].id)
    rest_authorizer_id          = one(aws_api_gateway_authorizer.rest[*].id)
    rest_authorizer_digest      = local.rest_authorizer == null ? null : sha256(jsonencode(local.rest_authorizer))
    pre_token_generation_config = { LambdaArn = module.token_trigger.arn, LambdaVersion = var.trigger_version }
  }
}

output "user_pool_id" {
  description = "Id of the user pool."
  value       = local.outputs.user_pool_id
}

output "user_pool_client_id" {
  description = "Id of the app client through which people sign in; null beside an existing pool."
  value       = local.outputs.user_pool_client_id
}

output "machine_client_id" {
  description = "Id of the machines' app client; null if there is none."
  value       = local.outputs.machine_client_id
}

output "machine_client_secret" {
  description = "Secret of the machines' app client. The state holds it too."
  value       = one(aws_cognito_user_pool_client.machine[*].client_secret)
  sensitive   = true
}

output "token_endpoint" {
  description = "Where machines get tokens; null without a domain."
  value       = local.outputs.token_endpoint
}

output "issuer" {
  description = "What tokens have as iss, in a pool that was not switched to the updated issuer."
  value       = local.outputs.issuer
}

output "tables" {
  description = "Real name of each table of the contract."
  value       = local.outputs.tables
}

output "trigger_function_name" {
  description = "Name of the trigger's function."
  value       = local.outputs.trigger_function_name
}

output "trigger_function_arn" {
  description = "ARN that Cognito invokes: the alias live."
  value       = local.outputs.trigger_function_arn
}

output "trigger_function_version" {
  description = "Newest version of the trigger, which under a canary gets its weight only."
  value       = local.outputs.trigger_function_version
}

output "trigger_serving_version" {
  description = "Version of the trigger that serves, the next canary's stable_version."
  value       = local.outputs.trigger_serving_version
}

output "authorizer_function_name" {
  description = "Name of the authorizer's function; null if there is none."
  value       = local.outputs.authorizer_function_name
}

output "authorizer_function_arn" {
  description = "ARN of the alias live, for AppSync."
  value       = local.outputs.authorizer_function_arn
}

output "authorizer_invoke_arn" {
  description = "The alias live as authorizer_uri of API Gateway, for WebSocket APIs and further ones."
  value       = local.outputs.authorizer_invoke_arn
}

output "authorizer_function_version" {
  description = "Newest version of the authorizer, which under a canary gets its weight only."
  value       = local.outputs.authorizer_function_version
}

output "authorizer_serving_version" {
  description = "Version of the authorizer that serves, the next canary's stable_version."
  value       = local.outputs.authorizer_serving_version
}

output "http_authorizer_id" {
  description = "Id of the HTTP API's authorizer, for its routes."
  value       = local.outputs.http_authorizer_id
}

output "rest_authorizer_id" {
  description = "Id of the REST API's authorizer, for its methods."
  value       = local.outputs.rest_authorizer_id
}

output "rest_authorizer_digest" {
  description = "Another text whenever the REST API's authorizer changes, for the triggers of its deployment: a stage serves a snapshot."
  value       = local.outputs.rest_authorizer_digest
}

output "pre_token_generation_config" {
  description = "What the pool's LambdaConfig.PreTokenGenerationConfig must be. Beside an existing pool, set it where the pool is owned."
  value       = local.outputs.pre_token_generation_config
}

output "claimwright" {
  description = "All of the above that is no secret, with region and trigger_version, for `claims doctor --outputs FILE`."
  value       = local.outputs
}
