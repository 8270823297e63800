# People with a profile, a machine, and an API of orders: what examples/orders/claims.yaml speaks of.

module "claimwright" {
  source = "../.."

  name            = var.name
  package_dir     = coalesce(var.package_dir, "${path.module}/../../../../target/claimwright/package")
  architecture    = var.architecture
  trigger_version = var.trigger_version
  groups          = { admin = "May do everything under /admin." }

  # So that one command of the AWS command line signs a person in. An app should leave this at the default.
  client_auth_flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]

  domain_prefix  = var.domain_prefix
  machine_client = var.domain_prefix == null ? null : { resource_server = "orders", scopes = { read = "Read orders." } }

  # The contract asks nothing about the single call, so answers may be kept for all routes of a token.
  http_api = { id = aws_apigatewayv2_api.orders.id }
  rest_api = { id = aws_api_gateway_rest_api.orders.id }

  trigger_environment    = var.environment
  authorizer_environment = var.environment
  alarms                 = { enabled = var.alarms }

  # A sample is there to be destroyed.
  deletion_protection = false
}
