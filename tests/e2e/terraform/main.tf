# What the end-to-end test applies to the emulator: the example as users deploy it, once for each version of the trigger.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

variable "endpoint" {
  description = "Address of the emulator, such as http://127.0.0.1:4566."
  type        = string
}

variable "package_dir" {
  description = "Folder of the zips; where `cargo xtask package` puts them if null."
  type        = string
  default     = null
}

# The emulator takes any key; nothing here reaches AWS.
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true

  endpoints {
    apigateway     = var.endpoint
    apigatewayv2   = var.endpoint
    cloudformation = var.endpoint
    cloudwatch     = var.endpoint
    cloudwatchlogs = var.endpoint
    cognitoidp     = var.endpoint
    dynamodb       = var.endpoint
    iam            = var.endpoint
    kms            = var.endpoint
    lambda         = var.endpoint
    sts            = var.endpoint
  }
}

# The emulator reads the answer of V1_0 only where the pool names the trigger by LambdaConfig.PreTokenGeneration, which
# in AWS is the same value; the test sets it after the apply.
locals {
  versions = toset(["V1_0", "V2_0", "V3_0"])
}

module "orders" {
  source   = "../../../infra/terraform/examples/orders"
  for_each = local.versions

  name            = "orders-${lower(replace(each.key, "_", "-"))}"
  package_dir     = var.package_dir
  architecture    = "x86_64"
  trigger_version = each.key
  domain_prefix   = each.key == "V3_0" ? "orders-machines" : null

  # Once is enough to know that they can be made.
  alarms = each.key == "V2_0"

  # The functions would ask AWS.
  environment = {
    AWS_ENDPOINT_URL_DYNAMODB = var.endpoint
    CLAIMWRIGHT_KEYS_URL      = var.endpoint
  }
}

output "deployments" {
  description = "For each version of the trigger, what the module and the sample put out."
  value = {
    for version, orders in module.orders : version => merge(orders.claimwright, {
      http_api = orders.http_api
      rest_api = orders.rest_api
    })
  }
}

output "machine_client_secret" {
  description = "Secret of the machines' app client of V3_0."
  value       = module.orders["V3_0"].machine_client_secret
  sensitive   = true
}
