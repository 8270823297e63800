# The function in front of the APIs.

locals {
  # The function takes a pool once only, so what additional_issuers says of this pool is said here too.
  issuers = merge(var.additional_issuers, {
    (local.user_pool_id) = distinct(concat(
      local.client_ids,
      var.additional_client_ids,
      lookup(var.additional_issuers, local.user_pool_id, []),
    ))
  })
}

module "authorizer" {
  source = "./modules/function"
  count  = var.create_authorizer ? 1 : 0

  name         = "${var.name}-authorizer"
  description  = "Claimwright: verifies tokens and says which routes they may call."
  zip          = "${var.package_dir}/authorizer-${var.architecture}.zip"
  architecture = var.architecture
  memory_mb    = var.memory_mb.authorizer

  # Gateways wait ten seconds. Keys take three at most, and an invocation may have to wait for two fetches.
  timeout_seconds = 8

  environment = merge(var.authorizer_environment, {
    CLAIMWRIGHT_ISSUERS     = join(" ", [for pool, clients in local.issuers : "${pool}=${join(",", clients)}"])
    CLAIMWRIGHT_HTTP_ANSWER = try(var.http_api.simple_responses, false) ? "simple" : "iam"
  })

  canary                  = var.canary.authorizer
  concurrency             = var.concurrency.authorizer
  log_retention_days      = var.log_retention_days
  log_kms_key_arn         = var.log_kms_key_arn
  permissions_boundary    = var.permissions_boundary
  code_signing_config_arn = var.code_signing_config_arn
  tags                    = var.tags
}
