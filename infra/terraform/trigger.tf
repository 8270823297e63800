# The function behind the pool, and who may invoke it.

module "token_trigger" {
  source = "./modules/function"

  name         = "${var.name}-token-trigger"
  description  = "Claimwright: shapes the tokens of the user pool."
  zip          = "${var.package_dir}/token-trigger-${var.architecture}.zip"
  architecture = var.architecture
  memory_mb    = var.memory_mb.token_trigger

  # Cognito waits five seconds for everything, cold start and network too. An invocation that is ended before
  # leaves its reason in the log; one that Cognito gives up on leaves none.
  timeout_seconds = 4

  environment = merge(var.trigger_environment, {
    CLAIMWRIGHT_TABLES   = join(",", [for name, real in local.table_names : "${name}=${real}"])
    CLAIMWRIGHT_FACTS_MS = tostring(var.facts_ms)
  })

  statements = concat(
    # The function reads one record for each fact. It makes no batches, so it is not given dynamodb:BatchGetItem;
    # and it neither queries nor scans, so nobody lists profiles with its role.
    length(local.table_arns) == 0 ? [] : [{
      Sid      = "ReadFacts"
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem"]
      Resource = values(local.table_arns)
    }],
    # With a key of one's own, DynamoDB decrypts on behalf of who reads. With any other it does not ask.
    length(local.table_keys) == 0 ? [] : [{
      Sid       = "DecryptFacts"
      Effect    = "Allow"
      Action    = ["kms:Decrypt"]
      Resource  = local.table_keys
      Condition = { StringEquals = { "kms:ViaService" = "dynamodb.${local.region}.${local.suffix}" } }
    }],
  )

  canary                  = var.canary.token_trigger
  concurrency             = var.concurrency.token_trigger
  log_retention_days      = var.log_retention_days
  log_kms_key_arn         = var.log_kms_key_arn
  permissions_boundary    = var.permissions_boundary
  code_signing_config_arn = var.code_signing_config_arn
  tags                    = var.tags
}

resource "aws_lambda_permission" "cognito" {
  statement_id   = "pool"
  action         = "lambda:InvokeFunction"
  function_name  = module.token_trigger.name
  qualifier      = module.token_trigger.alias
  principal      = "cognito-idp.amazonaws.com"
  source_arn     = local.user_pool_arn
  source_account = local.account
}
