# The two functions: what they may do, who may invoke them, how long they may take, and what they are told.

mock_provider "aws" {
  source          = "./tests/aws"
  override_during = plan
}

variables {
  name        = "acme"
  package_dir = "tests/package"
}

run "exact_permissions" {
  command = plan

  variables {
    tables = {
      profiles = {}
      orders   = { existing_name = "prod-orders" }
    }
  }

  assert {
    condition = jsondecode(module.token_trigger.policy) == {
      Version = "2012-10-17"
      Statement = [
        {
          Sid      = "WriteLog"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = ["arn:aws:logs:eu-west-1:111122223333:log-group:LOG:*"]
        },
        {
          Sid    = "ReadFacts"
          Effect = "Allow"
          Action = ["dynamodb:GetItem"]
          Resource = [
            "arn:aws:dynamodb:eu-west-1:111122223333:table/prod-orders",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/TABLE",
          ]
        },
      ]
    }
    error_message = "the trigger may do something else than read records of its tables and write its log: ${module.token_trigger.policy}"
  }

  assert {
    condition = jsondecode(module.authorizer[0].policy) == {
      Version = "2012-10-17"
      Statement = [{
        Sid      = "WriteLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["arn:aws:logs:eu-west-1:111122223333:log-group:LOG:*"]
      }]
    }
    error_message = "the authorizer may do something else than write its log: ${module.authorizer[0].policy}"
  }
}

run "keys_of_ones_own" {
  command = plan

  variables {
    tables = { profiles = { kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/k1" } }
  }

  assert {
    condition = jsondecode(module.token_trigger.policy).Statement[2] == {
      Sid       = "DecryptFacts"
      Effect    = "Allow"
      Action    = ["kms:Decrypt"]
      Resource  = ["arn:aws:kms:eu-west-1:111122223333:key/k1"]
      Condition = { StringEquals = { "kms:ViaService" = "dynamodb.eu-west-1.amazonaws.com" } }
    }
    error_message = "the trigger may use the key for more than reading through dynamodb: ${module.token_trigger.policy}"
  }
}

run "no_tables" {
  command = plan

  variables {
    tables = {}
  }

  assert {
    condition     = length(jsondecode(module.token_trigger.policy).Statement) == 1
    error_message = "a trigger without tables may only write its log: ${module.token_trigger.policy}"
  }
}

run "only_this_pool_and_these_authorizers_invoke" {
  command = plan

  variables {
    http_api = { id = "h1" }
    rest_api = { id = "r1" }
  }

  assert {
    condition = (
      aws_lambda_permission.cognito.principal == "cognito-idp.amazonaws.com"
      && aws_lambda_permission.cognito.source_arn == "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Ab12Cd34E"
      && aws_lambda_permission.cognito.source_account == "111122223333"
      && aws_lambda_permission.cognito.qualifier == "live"
    )
    error_message = "others than this pool may invoke the trigger, or not through the alias"
  }

  assert {
    condition = (
      aws_lambda_permission.http[0].source_arn == "arn:aws:execute-api:eu-west-1:111122223333:h1/authorizers/ah1"
      && aws_lambda_permission.rest[0].source_arn == "arn:aws:execute-api:eu-west-1:111122223333:r1/authorizers/ar1"
      && aws_lambda_permission.http[0].qualifier == "live"
      && aws_lambda_permission.rest[0].qualifier == "live"
    )
    error_message = "others than these authorizers may invoke the authorizer, or not through the alias"
  }
}

run "callers_do_not_wait_longer" {
  command = plan

  assert {
    condition     = module.token_trigger.settings.timeout_seconds < 5
    error_message = "cognito gives up after five seconds"
  }

  assert {
    condition     = module.authorizer[0].settings.timeout_seconds < 10
    error_message = "gateways give up after ten seconds"
  }

  assert {
    condition     = module.token_trigger.settings.architecture == "arm64" && module.authorizer[0].settings.architecture == "arm64"
    error_message = "arm64 is the default"
  }
}

run "what_they_are_told" {
  command = plan

  variables {
    tables                 = { profiles = {}, orders = { existing_name = "prod-orders" } }
    http_api               = { id = "h1", simple_responses = true, ttl_seconds = 0 }
    additional_issuers     = { eu-west-1_Other = ["c1", "c2"] }
    authorizer_environment = { CLAIMWRIGHT_LEEWAY = "30" }
  }

  assert {
    condition = module.token_trigger.settings.environment == tomap({
      CLAIMWRIGHT_TABLES   = "orders=prod-orders,profiles=acme-profiles"
      CLAIMWRIGHT_FACTS_MS = "1500"
    })
    error_message = "the trigger is told something else"
  }

  assert {
    condition = module.authorizer[0].settings.environment == tomap({
      CLAIMWRIGHT_ISSUERS     = "eu-west-1_Ab12Cd34E=4demo0client0id eu-west-1_Other=c1,c2"
      CLAIMWRIGHT_HTTP_ANSWER = "simple"
      CLAIMWRIGHT_LEEWAY      = "30"
    })
    error_message = "the authorizer is told something else"
  }
}

run "further_clients_of_the_pool" {
  command = plan

  variables {
    additional_client_ids = ["c8"]
    additional_issuers    = { eu-west-1_Ab12Cd34E = ["c8", "c9"], eu-west-1_Other = ["c1"] }
  }

  assert {
    condition     = module.authorizer[0].settings.environment.CLAIMWRIGHT_ISSUERS == "eu-west-1_Ab12Cd34E=4demo0client0id,c8,c9 eu-west-1_Other=c1"
    error_message = "a client is left out: ${module.authorizer[0].settings.environment.CLAIMWRIGHT_ISSUERS}"
  }
}

run "further_clients_of_a_pool_of_somebody_else" {
  command = plan

  variables {
    existing_user_pool    = { id = "eu-west-1_Theirs", client_ids = ["c1"] }
    additional_client_ids = ["c2"]
    additional_issuers    = { eu-west-1_Theirs = ["c3"] }
  }

  assert {
    condition     = module.authorizer[0].settings.environment.CLAIMWRIGHT_ISSUERS == "eu-west-1_Theirs=c1,c2,c3"
    error_message = "a client is left out: ${module.authorizer[0].settings.environment.CLAIMWRIGHT_ISSUERS}"
  }
}

# The function would end at its start.
run "an_issuer_is_a_pool" {
  command = plan

  variables {
    additional_issuers = { "eu-west-1-Other" = ["c1"] }
  }

  expect_failures = [var.additional_issuers]
}

run "an_issuer_of_another_partition_is_an_address" {
  command = plan

  variables {
    additional_issuers = { eusc-de-east-1_Other = ["c1"] }
  }

  expect_failures = [var.additional_issuers]
}

run "an_issuer_may_be_an_address" {
  command = plan

  variables {
    existing_user_pool = { id = "eu-west-1_Theirs", client_ids = ["c1"] }
    additional_issuers = { "https://idp.example.org/p" = ["orders-api"] }
  }

  assert {
    condition     = local.issuers["https://idp.example.org/p"] == tolist(["orders-api"])
    error_message = "an address is refused, which the function takes"
  }
}

run "a_client_has_an_id" {
  command = plan

  variables {
    additional_issuers    = { eu-west-1_Other = [" "] }
    additional_client_ids = ["c1,c2"]
    existing_user_pool    = { id = "eu-west-1_Theirs", client_ids = [""] }
  }

  expect_failures = [var.additional_issuers, var.additional_client_ids, var.existing_user_pool]
}

run "no_authorizer" {
  command = plan

  variables {
    create_authorizer = false
  }

  assert {
    condition = (
      output.authorizer_function_arn == null && output.authorizer_invoke_arn == null && output.authorizer_serving_version == null
      && length([for name in keys(aws_cloudwatch_metric_alarm.this) : name if startswith(name, "authorizer-")]) == 0
      && length(aws_cloudwatch_log_metric_filter.authorizer_ended) == 0
    )
    error_message = "there is an authorizer, or an alarm of one"
  }
}

run "canary" {
  command = plan

  variables {
    canary = { token_trigger = { stable_version = "6", weight = 0.1 } }
  }

  assert {
    condition     = module.token_trigger.weights.stable == "6" && module.token_trigger.weights.others == tomap({ "7" = 0.1 })
    error_message = "version 6 goes on serving and version 7 gets a tenth"
  }

  assert {
    condition     = module.authorizer[0].weights.stable == "7" && module.authorizer[0].weights.others == null
    error_message = "the authorizer has no canary"
  }

  # The next canary's stable_version.
  assert {
    condition     = output.trigger_serving_version == "6" && output.trigger_function_version == "7" && output.authorizer_serving_version == "7"
    error_message = "the outputs do not say which version serves"
  }
}

run "canary_of_what_serves_already" {
  command = plan

  module {
    source = "./modules/function"
  }

  variables {
    name               = "acme-authorizer"
    description        = "-"
    zip                = "tests/package/authorizer-arm64.zip"
    architecture       = "arm64"
    memory_mb          = 256
    timeout_seconds    = 8
    environment        = {}
    log_retention_days = 90
    canary             = { stable_version = "7", weight = 0.1 }
  }

  expect_failures = [aws_lambda_alias.live]
}

run "canary_and_provisioned_concurrency" {
  command = plan

  variables {
    canary      = { token_trigger = { stable_version = "6", weight = 0.1 } }
    concurrency = { token_trigger = { provisioned = 2 } }
  }

  expect_failures = [var.concurrency]
}

run "settings_that_the_module_makes" {
  command = plan

  variables {
    authorizer_environment = { CLAIMWRIGHT_ISSUERS = "eu-west-1_Evil=c1" }
    trigger_environment    = { CLAIMWRIGHT_TABLES = "profiles=other" }
  }

  expect_failures = [var.authorizer_environment, var.trigger_environment]
}

run "lookups_longer_than_the_function" {
  command = plan

  variables {
    facts_ms = 3501
  }

  expect_failures = [var.facts_ms]
}

run "no_zip" {
  command = plan

  variables {
    package_dir = "tests/nowhere"
  }

  expect_failures = [var.package_dir]
}
