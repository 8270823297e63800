# The pool, its clients and the tables; and what is left alone in a pool of somebody else.

mock_provider "aws" {
  source          = "./tests/aws"
  override_during = plan
}

variables {
  name        = "acme"
  package_dir = "tests/package"
}

run "defaults" {
  command = plan

  assert {
    condition = (
      one(aws_cognito_user_pool.this[0].lambda_config[0].pre_token_generation_config).lambda_version == "V2_0"
      && endswith(one(aws_cognito_user_pool.this[0].lambda_config[0].pre_token_generation_config).lambda_arn, ":live")
      && aws_cognito_user_pool.this[0].user_pool_tier == "ESSENTIALS"
      && aws_cognito_user_pool.this[0].deletion_protection == "ACTIVE"
      && aws_cognito_user_pool.this[0].admin_create_user_config[0].allow_admin_create_user_only
    )
    error_message = "the pool is another"
  }

  assert {
    condition = (
      aws_cognito_user_pool_client.people[0].prevent_user_existence_errors == "ENABLED"
      && aws_cognito_user_pool_client.people[0].enable_token_revocation
      && !aws_cognito_user_pool_client.people[0].allowed_oauth_flows_user_pool_client
      && aws_cognito_user_pool_client.people[0].write_attributes == toset(["locale", "name", "zoneinfo"])
      && !contains(aws_cognito_user_pool_client.people[0].explicit_auth_flows, "ALLOW_USER_PASSWORD_AUTH")
      && aws_cognito_user_pool_client.people[0].access_token_validity == 15
    )
    error_message = "the app client is another"
  }

  assert {
    condition = (
      aws_dynamodb_table.this["profiles"].hash_key == "id"
      && aws_dynamodb_table.this["profiles"].billing_mode == "PAY_PER_REQUEST"
      && aws_dynamodb_table.this["profiles"].point_in_time_recovery[0].enabled
      && aws_dynamodb_table.this["profiles"].server_side_encryption[0].enabled
      && aws_dynamodb_table.this["profiles"].deletion_protection_enabled
    )
    error_message = "the table is another"
  }

  assert {
    condition     = length(aws_cognito_user_pool_client.machine) == 0 && length(aws_cognito_user_pool_domain.this) == 0
    error_message = "there is a client or a domain that nobody asked for"
  }
}

run "managed_login_never_by_the_implicit_grant" {
  command = plan

  variables {
    domain_prefix = "acme"
    callback_urls = ["https://app.example.org/"]
  }

  assert {
    condition     = aws_cognito_user_pool_client.people[0].allowed_oauth_flows == toset(["code"])
    error_message = "the app client has another grant than the authorization code's"
  }
}

run "machines" {
  command = plan

  variables {
    trigger_version = "V3_0"
    domain_prefix   = "acme"
    machine_client  = { resource_server = "orders", scopes = { read = "Read orders." } }
  }

  assert {
    condition = (
      aws_cognito_user_pool_client.machine[0].generate_secret
      && aws_cognito_user_pool_client.machine[0].allowed_oauth_flows == toset(["client_credentials"])
      && aws_cognito_user_pool_client.machine[0].allowed_oauth_scopes == toset(["orders/read"])
      && aws_cognito_user_pool_client.machine[0].explicit_auth_flows == toset(["ALLOW_REFRESH_TOKEN_AUTH"])
    )
    error_message = "the machines' client is another, or people may sign in through it"
  }

  assert {
    condition     = output.token_endpoint == "https://acme.auth.eu-west-1.amazoncognito.com/oauth2/token"
    error_message = "machines get their tokens elsewhere"
  }
}

run "a_key_of_two_parts" {
  command = plan

  variables {
    tables = { profiles = { hash_key = "pk", range_key = "sk", range_key_type = "N" } }
  }

  assert {
    condition = (
      aws_dynamodb_table.this["profiles"].range_key == "sk"
      && { for attribute in aws_dynamodb_table.this["profiles"].attribute : attribute.name => attribute.type } == { pk = "S", sk = "N" }
    )
    error_message = "the table has another key"
  }
}

run "an_alias_of_a_key_grants_nothing" {
  command = plan

  variables {
    tables = { profiles = { kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:alias/profiles" } }
  }

  expect_failures = [var.tables]
}

run "a_table_is_told_by_its_name" {
  command = plan

  variables {
    tables = { profiles = { existing_name = "arn:aws:dynamodb:eu-west-1:111122223333:table/profiles" } }
  }

  expect_failures = [var.tables]
}

run "a_pool_of_somebody_else" {
  command = plan

  variables {
    existing_user_pool = { id = "eu-west-1_Theirs", client_ids = ["c1", "c2"] }
  }

  assert {
    condition     = length(aws_cognito_user_pool.this) == 0 && length(aws_cognito_user_pool_client.people) == 0
    error_message = "something of the pool is made or changed"
  }

  assert {
    condition     = aws_lambda_permission.cognito.source_arn == "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Theirs"
    error_message = "another pool may invoke the trigger"
  }

  assert {
    condition     = module.authorizer[0].settings.environment.CLAIMWRIGHT_ISSUERS == "eu-west-1_Theirs=c1,c2"
    error_message = "the authorizer takes other tokens"
  }

  assert {
    condition     = output.pre_token_generation_config == { LambdaArn = "arn:aws:lambda:eu-west-1:111122223333:function:FUNCTION:live", LambdaVersion = "V2_0" }
    error_message = "the output does not say what to set on the pool"
  }
}

run "nothing_of_somebody_elses_pool_is_made" {
  command = plan

  variables {
    existing_user_pool = { id = "eu-west-1_Theirs", client_ids = ["c1"] }
    groups             = { admin = "-" }
  }

  expect_failures = [var.existing_user_pool]
}

run "lite_has_the_first_version_only" {
  command = plan

  variables {
    user_pool_tier = "LITE"
  }

  expect_failures = [var.user_pool_tier]
}

run "an_empty_list_would_let_people_write_everything" {
  command = plan

  variables {
    writable_attributes = []
  }

  expect_failures = [var.writable_attributes]
}

run "what_feeds_a_permission_is_nobodys_to_write" {
  command = plan

  variables {
    writable_attributes = ["name", "custom:level"]
  }

  expect_failures = [var.writable_attributes]
}

run "machines_need_a_domain" {
  command = plan

  variables {
    machine_client = { resource_server = "orders", scopes = { read = "Read orders." } }
  }

  expect_failures = [var.machine_client]
}

run "whoever_signs_up_has_an_address" {
  command = plan

  variables {
    self_sign_up = true
  }

  expect_failures = [var.self_sign_up]
}

run "and_may_write_it" {
  command = plan

  variables {
    self_sign_up        = true
    writable_attributes = ["email", "name"]
  }

  assert {
    condition     = !aws_cognito_user_pool.this[0].admin_create_user_config[0].allow_admin_create_user_only
    error_message = "people cannot make accounts"
  }
}
