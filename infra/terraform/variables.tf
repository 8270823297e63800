variable "name" {
  description = "Begins the name of everything that is made."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,40}$", var.name))
    error_message = "name takes 1 to 41 lower-case letters, digits and hyphens and begins with a letter, because it begins the names of functions and roles, which are short."
  }
}

variable "tags" {
  description = "Tags of everything that takes tags."
  type        = map(string)
  default     = {}
}

variable "deletion_protection" {
  description = "Whether the pool and the tables refuse to be deleted. A pool that is gone takes its users with it."
  type        = bool
  default     = true
}

# The functions

variable "package_dir" {
  description = "Folder with token-trigger-ARCHITECTURE.zip and authorizer-ARCHITECTURE.zip, which `cargo xtask package PATH/claims.yaml` makes."
  type        = string

  validation {
    condition     = fileexists("${var.package_dir}/token-trigger-${var.architecture}.zip")
    error_message = "package_dir has no token-trigger-${var.architecture}.zip; make it by `cargo xtask package PATH/claims.yaml`, or set architecture to what is there."
  }

  validation {
    condition     = !var.create_authorizer || fileexists("${var.package_dir}/authorizer-${var.architecture}.zip")
    error_message = "package_dir has no authorizer-${var.architecture}.zip; make it by `cargo xtask package PATH/claims.yaml`, or set create_authorizer to false."
  }
}

variable "architecture" {
  description = "Processor of both functions: arm64 or x86_64."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture takes arm64 or x86_64."
  }
}

variable "trigger_version" {
  description = "Which events Cognito sends: V1_0 (ID token, texts only), V2_0 (both tokens), V3_0 (machine clients too)."
  type        = string
  default     = "V2_0"

  validation {
    condition     = contains(["V1_0", "V2_0", "V3_0"], var.trigger_version)
    error_message = "trigger_version takes V1_0, V2_0 or V3_0."
  }
}

variable "facts_ms" {
  description = "For how many milliseconds all lookups of one sign-in may take together."
  type        = number
  default     = 1500

  # The function ends after four seconds, and Cognito waits for five.
  validation {
    condition     = var.facts_ms >= 1 && var.facts_ms <= 3500 && floor(var.facts_ms) == var.facts_ms
    error_message = "facts_ms takes whole milliseconds from 1 to 3500, because the function is ended after 4 seconds."
  }
}

variable "create_authorizer" {
  description = "Whether the authorizer is made; a contract without `authorize` needs none."
  type        = bool
  default     = true
}

variable "additional_issuers" {
  description = "Further pools whose tokens the authorizer takes: id of the pool, or the issuer's address, to ids of its app clients."
  type        = map(list(string))
  default     = {}

  validation {
    condition     = alltrue([for clients in values(var.additional_issuers) : length(clients) > 0])
    error_message = "each pool of additional_issuers names at least one app client, because a pool alone would let in the tokens of all its clients."
  }

  # The function ends at its start with an issuer that it cannot read, and then nobody is let in.
  validation {
    condition = alltrue([for pool in keys(var.additional_issuers) : (
      can(regex("^https://[^[:space:]=?#@]+$", pool)) ||
      (can(regex("^[a-z]+(-[a-z0-9]+)+_[0-9A-Za-z]+$", pool)) && !can(regex("^(eusc-|us-iso|eu-iso)", pool)))
    )])
    error_message = "additional_issuers takes ids of pools, such as eu-west-1_Ab12Cd34E, of the partitions aws, aws-us-gov and aws-cn, and addresses of other issuers with https://."
  }

  validation {
    condition     = alltrue([for client in flatten(values(var.additional_issuers)) : can(regex("^[^[:space:],=]+$", client))])
    error_message = "additional_issuers takes ids of app clients, such as 4demo0client0id, each in a text of its own."
  }
}

variable "additional_client_ids" {
  description = "Further app clients of the pool, made elsewhere, whose tokens the authorizer takes."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for client in var.additional_client_ids : can(regex("^[0-9A-Za-z_+]+$", client))])
    error_message = "additional_client_ids takes ids of app clients, such as 4demo0client0id, each in a text of its own."
  }
}

variable "trigger_environment" {
  description = "Further environment variables of the trigger."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setintersection(keys(var.trigger_environment), ["CLAIMWRIGHT_TABLES", "CLAIMWRIGHT_FACTS_MS"])) == 0
    error_message = "trigger_environment may not hold CLAIMWRIGHT_TABLES or CLAIMWRIGHT_FACTS_MS, which come from tables and facts_ms."
  }
}

variable "authorizer_environment" {
  description = "Further environment variables of the authorizer, for example CLAIMWRIGHT_LEEWAY."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setintersection(keys(var.authorizer_environment), ["CLAIMWRIGHT_ISSUERS", "CLAIMWRIGHT_HTTP_ANSWER"])) == 0
    error_message = "authorizer_environment may not hold CLAIMWRIGHT_ISSUERS or CLAIMWRIGHT_HTTP_ANSWER, which come from the pool and from http_api."
  }

  # The function ends at its start with a place that it does not know.
  validation {
    condition     = alltrue([for place in split(",", lookup(var.authorizer_environment, "CLAIMWRIGHT_TOKEN_FROM", "header:authorization")) : can(regex("^(header|query|protocol):\\S+$", trimspace(place)))])
    error_message = "CLAIMWRIGHT_TOKEN_FROM of authorizer_environment takes header:NAME, query:NAME and protocol:NAME, divided by commas."
  }

  validation {
    condition     = (var.http_api == null && var.rest_api == null) || !can(regex("(^|,)\\s*protocol:", lookup(var.authorizer_environment, "CLAIMWRIGHT_TOKEN_FROM", "header:authorization")))
    error_message = "CLAIMWRIGHT_TOKEN_FROM of authorizer_environment has a protocol, which only a websocket api has; leave it out, or leave http_api and rest_api out and make their authorizers yourselves."
  }

  validation {
    condition     = try(var.rest_api.type, "") != "TOKEN" || can(regex("^\\s*header:[^,]*$", lookup(var.authorizer_environment, "CLAIMWRIGHT_TOKEN_FROM", "header:authorization")))
    error_message = "CLAIMWRIGHT_TOKEN_FROM of authorizer_environment is not one header, and a rest_api of type TOKEN reads one header; set its type to REQUEST."
  }

  # A gateway that keeps answers demands each identity source.
  validation {
    condition     = !strcontains(lookup(var.authorizer_environment, "CLAIMWRIGHT_TOKEN_FROM", "header:authorization"), ",") || alltrue([for api in [var.http_api, var.rest_api] : try(api.ttl_seconds, 0) == 0])
    error_message = "CLAIMWRIGHT_TOKEN_FROM of authorizer_environment has several places, and a gateway that keeps answers demands all of them at once; set ttl_seconds of http_api and rest_api to 0, or take one place."
  }
}

variable "memory_mb" {
  description = "Memory of the functions in MB."
  type = object({
    # Both use some 10 MB. Memory buys processor time: a cold start opens TLS connections, which is work.
    token_trigger = optional(number, 256)
    authorizer    = optional(number, 256)
  })
  default = {}
}

variable "concurrency" {
  description = "Reserved and provisioned concurrency of each function; none if left out."
  type = object({
    token_trigger = optional(object({ reserved = optional(number), provisioned = optional(number) }), {})
    authorizer    = optional(object({ reserved = optional(number), provisioned = optional(number) }), {})
  })
  default = {}

  # AWS says: alias with weights can not be used with provisioned concurrency.
  validation {
    condition = (
      (var.canary.token_trigger == null || var.concurrency.token_trigger.provisioned == null)
      && (var.canary.authorizer == null || var.concurrency.authorizer.provisioned == null)
    )
    error_message = "concurrency may not provision a function that has a canary: lambda provisions no alias with weights; leave one of them out."
  }
}

variable "canary" {
  description = "For each function: stable_version goes on serving, and the newest version gets weight (0 to 1) of the invocations."
  type = object({
    token_trigger = optional(object({ stable_version = string, weight = number }))
    authorizer    = optional(object({ stable_version = string, weight = number }))
  })
  default = {}

  validation {
    condition = alltrue([
      for canary in values(var.canary) :
      canary == null ? true : can(regex("^[1-9][0-9]*$", canary.stable_version)) && canary.weight >= 0 && canary.weight <= 1
    ])
    error_message = "canary takes as stable_version the number of a published version and as weight a number from 0 to 1."
  }
}

variable "log_retention_days" {
  description = "For how many days logs are kept, one of the numbers that CloudWatch takes."
  type        = number
  default     = 90
}

variable "log_kms_key_arn" {
  description = "Key that encrypts the logs. Its policy must let the service logs.REGION.amazonaws.com use it."
  type        = string
  default     = null
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds both roles."
  type        = string
  default     = null
}

variable "code_signing_config_arn" {
  description = "Code signing configuration that both zips must satisfy."
  type        = string
  default     = null
}

# The tables

variable "tables" {
  description = "Tables of the contract, by the name that the contract gives them: made here, or those of existing_name in this account and region."
  type = map(object({
    existing_name  = optional(string)
    hash_key       = optional(string, "id")
    hash_key_type  = optional(string, "S")
    range_key      = optional(string)
    range_key_type = optional(string, "S")
    kms_key_arn    = optional(string)
  }))
  default = { profiles = {} }

  validation {
    condition     = alltrue([for name in keys(var.tables) : can(regex("^[A-Za-z0-9._-]+$", name))])
    error_message = "tables takes names of letters, digits, dots, hyphens and underscores."
  }

  # The module writes the ARN, of this account and region.
  validation {
    condition     = alltrue([for table in values(var.tables) : table.existing_name == null ? true : can(regex("^[a-zA-Z0-9_.-]{3,255}$", table.existing_name))])
    error_message = "existing_name of tables takes the name of a table, 3 to 255 letters, digits, dots, hyphens and underscores, and not its ARN."
  }

  # IAM compares with the key's own ARN, so the permission for an alias would allow nothing.
  validation {
    condition     = alltrue([for table in values(var.tables) : table.kms_key_arn == null ? true : can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/", table.kms_key_arn))])
    error_message = "kms_key_arn of tables takes the ARN of a key, such as arn:aws:kms:eu-west-1:111122223333:key/ID, and neither an alias nor the id alone, which would permit nothing."
  }

  validation {
    condition     = alltrue(flatten([for table in values(var.tables) : [for type in [table.hash_key_type, table.range_key_type] : contains(["S", "N"], type)]]))
    error_message = "a key of a table is S (text) or N (number), because a contract makes no other."
  }
}

# The gateways

variable "http_api" {
  description = "HTTP API that gets the authorizer, with payload format 2.0."
  type = object({
    id               = string
    ttl_seconds      = optional(number, 300)
    cache_per_call   = optional(bool, false)
    simple_responses = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.http_api == null || var.create_authorizer
    error_message = "http_api needs the authorizer; set create_authorizer to true."
  }

  validation {
    condition     = var.http_api == null ? true : var.http_api.ttl_seconds >= 0 && var.http_api.ttl_seconds <= 3600 && floor(var.http_api.ttl_seconds) == var.http_api.ttl_seconds
    error_message = "ttl_seconds of http_api takes whole seconds from 0 (keep nothing) to 3600."
  }

  validation {
    condition     = var.http_api == null ? true : !var.http_api.simple_responses || var.http_api.ttl_seconds == 0 || var.http_api.cache_per_call
    error_message = "a simple response is right for one call only, so it may not be kept for others; set ttl_seconds of http_api to 0, or cache_per_call, or leave simple_responses out."
  }
}

variable "rest_api" {
  description = "REST API that gets the authorizer, of type REQUEST or TOKEN."
  type = object({
    id             = string
    type           = optional(string, "REQUEST")
    ttl_seconds    = optional(number, 300)
    cache_per_call = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.rest_api == null || var.create_authorizer
    error_message = "rest_api needs the authorizer; set create_authorizer to true."
  }

  validation {
    condition     = var.rest_api == null ? true : contains(["REQUEST", "TOKEN"], var.rest_api.type)
    error_message = "type of rest_api takes REQUEST or TOKEN."
  }

  validation {
    condition     = var.rest_api == null ? true : var.rest_api.ttl_seconds >= 0 && var.rest_api.ttl_seconds <= 3600 && floor(var.rest_api.ttl_seconds) == var.rest_api.ttl_seconds
    error_message = "ttl_seconds of rest_api takes whole seconds from 0 (keep nothing) to 3600."
  }

  validation {
    condition     = var.rest_api == null ? true : var.rest_api.type == "REQUEST" || !var.rest_api.cache_per_call
    error_message = "a TOKEN authorizer keeps its answers by the token alone; set type of rest_api to REQUEST, or ttl_seconds to 0 and leave cache_per_call out."
  }
}

# The alarms

variable "alarms" {
  description = "Alarms, whom they tell (ARNs of SNS topics), and how many events in five minutes are too many."
  type = object({
    enabled           = optional(bool, true)
    sns_topic_arns    = optional(list(string), [])
    trigger_errors    = optional(number, 1)
    authorizer_errors = optional(number, 1)
  })
  default = {}
}
