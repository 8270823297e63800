# The user pool, its app clients and its groups; or what is known of a pool that something else owns.

locals {
  create_pool = var.existing_user_pool == null

  user_pool_id = local.create_pool ? one(aws_cognito_user_pool.this[*].id) : var.existing_user_pool.id
  user_pool_arn = (
    local.create_pool
    ? one(aws_cognito_user_pool.this[*].arn)
    : "arn:${local.partition}:cognito-idp:${local.region}:${local.account}:userpool/${var.existing_user_pool.id}"
  )
  # A pool's id begins with its first region, which a replica in another one keeps.
  issuer = "https://cognito-idp.${split("_", local.user_pool_id)[0]}.${local.suffix}/${local.user_pool_id}"

  client_ids = (
    local.create_pool
    ? concat(aws_cognito_user_pool_client.people[*].id, aws_cognito_user_pool_client.machine[*].id)
    : var.existing_user_pool.client_ids
  )
}

resource "aws_cognito_user_pool" "this" {
  count = local.create_pool ? 1 : 0

  name                     = var.name
  user_pool_tier           = var.user_pool_tier
  deletion_protection      = var.deletion_protection ? "ACTIVE" : "INACTIVE"
  mfa_configuration        = var.mfa
  auto_verified_attributes = ["email"]
  tags                     = var.tags

  lambda_config {
    pre_token_generation_config {
      lambda_arn     = module.token_trigger.arn
      lambda_version = var.trigger_version
    }
  }

  username_configuration {
    case_sensitive = false
  }

  admin_create_user_config {
    allow_admin_create_user_only = !var.self_sign_up
  }

  # Length is what helps; Cognito's own least is 6.
  password_policy {
    minimum_length                   = 12
    require_lowercase                = true
    require_uppercase                = true
    require_numbers                  = true
    require_symbols                  = false
    temporary_password_validity_days = 1
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  # The old address stays in the tokens until the new one is proven.
  user_attribute_update_settings {
    attributes_require_verification_before_update = ["email"]
  }

  dynamic "software_token_mfa_configuration" {
    for_each = var.mfa == "OFF" ? [] : [true]

    content {
      enabled = true
    }
  }

  dynamic "schema" {
    for_each = var.custom_attributes

    content {
      name                = schema.value
      attribute_data_type = "String"
      mutable             = true

      string_attribute_constraints {
        min_length = 0
        max_length = 2048
      }
    }
  }
}

# A public client: a page or an app keeps no secret.
resource "aws_cognito_user_pool_client" "people" {
  count = local.create_pool ? 1 : 0

  name                          = "${var.name}-people"
  user_pool_id                  = local.user_pool_id
  generate_secret               = false
  explicit_auth_flows           = var.client_auth_flows
  prevent_user_existence_errors = "ENABLED"
  enable_token_revocation       = true
  write_attributes              = var.writable_attributes

  # The code grant only. The implicit grant would put tokens into addresses and histories.
  allowed_oauth_flows_user_pool_client = length(var.callback_urls) > 0
  allowed_oauth_flows                  = length(var.callback_urls) > 0 ? ["code"] : null
  allowed_oauth_scopes                 = length(var.callback_urls) > 0 ? ["openid", "email", "profile"] : null
  supported_identity_providers         = length(var.callback_urls) > 0 ? ["COGNITO"] : null
  callback_urls                        = var.callback_urls
  logout_urls                          = var.logout_urls

  access_token_validity  = var.token_validity.access_minutes
  id_token_validity      = var.token_validity.id_minutes
  refresh_token_validity = var.token_validity.refresh_hours

  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "hours"
  }
}

resource "aws_cognito_user_pool_domain" "this" {
  count = local.create_pool && var.domain_prefix != null ? 1 : 0

  domain       = var.domain_prefix
  user_pool_id = local.user_pool_id
}

resource "aws_cognito_resource_server" "this" {
  count = local.create_pool && var.machine_client != null ? 1 : 0

  name         = var.machine_client.resource_server
  identifier   = var.machine_client.resource_server
  user_pool_id = local.user_pool_id

  dynamic "scope" {
    for_each = var.machine_client.scopes

    content {
      scope_name        = scope.key
      scope_description = scope.value
    }
  }
}

resource "aws_cognito_user_pool_client" "machine" {
  count = local.create_pool && var.machine_client != null ? 1 : 0

  name                          = "${var.name}-machine"
  user_pool_id                  = local.user_pool_id
  generate_secret               = true
  prevent_user_existence_errors = "ENABLED"
  enable_token_revocation       = true
  write_attributes              = var.writable_attributes

  # Without any flow, Cognito would switch its default on, by which people sign in.
  explicit_auth_flows = ["ALLOW_REFRESH_TOKEN_AUTH"]

  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["client_credentials"]
  allowed_oauth_scopes                 = aws_cognito_resource_server.this[0].scope_identifiers

  access_token_validity = var.token_validity.access_minutes

  token_validity_units {
    access_token = "minutes"
  }
}

resource "aws_cognito_user_group" "this" {
  for_each = local.create_pool ? var.groups : {}

  name         = each.key
  description  = each.value
  user_pool_id = local.user_pool_id
}
