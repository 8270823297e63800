variable "existing_user_pool" {
  description = "A pool that something else owns, and the app clients whose tokens the authorizer takes. Nothing of the pool is changed."
  type = object({
    id         = string
    client_ids = list(string)
  })
  default = null

  validation {
    condition     = var.existing_user_pool == null ? true : can(regex("^[a-z]+(-[a-z0-9]+)+_[A-Za-z0-9_]+$", var.existing_user_pool.id)) && length(var.existing_user_pool.client_ids) > 0
    error_message = "existing_user_pool takes the pool's id, such as eu-west-1_Ab12Cd34E, and at least one id of an app client."
  }

  validation {
    condition     = var.existing_user_pool == null ? true : alltrue([for client in var.existing_user_pool.client_ids : can(regex("^[0-9A-Za-z_+]+$", client))])
    error_message = "client_ids of existing_user_pool takes ids of app clients, such as 4demo0client0id, each in a text of its own."
  }

  validation {
    condition     = var.existing_user_pool == null || (length(var.groups) == 0 && length(var.custom_attributes) == 0 && var.machine_client == null && var.domain_prefix == null)
    error_message = "groups, custom_attributes, machine_client and domain_prefix belong to a pool that is made here; leave them out beside existing_user_pool."
  }
}

variable "user_pool_tier" {
  description = "Feature plan of the pool: LITE, ESSENTIALS or PLUS."
  type        = string
  default     = "ESSENTIALS"

  validation {
    condition     = contains(["LITE", "ESSENTIALS", "PLUS"], var.user_pool_tier)
    error_message = "user_pool_tier takes LITE, ESSENTIALS or PLUS."
  }

  validation {
    condition     = var.user_pool_tier != "LITE" || var.trigger_version == "V1_0"
    error_message = "user_pool_tier LITE has the trigger V1_0 only; take ESSENTIALS, or set trigger_version to V1_0."
  }
}

variable "self_sign_up" {
  description = "Whether people may make accounts themselves. If not, an administrator makes them."
  type        = bool
  default     = false

  # Without an address there is no way back into an account, and Cognito refuses one that the client may not write.
  validation {
    condition     = !var.self_sign_up || contains(var.writable_attributes, "email")
    error_message = "self_sign_up needs email in writable_attributes; add it there."
  }
}

variable "mfa" {
  description = "Whether people have a second factor, an authenticator app: OFF, OPTIONAL or ON."
  type        = string
  default     = "OPTIONAL"

  validation {
    condition     = contains(["OFF", "OPTIONAL", "ON"], var.mfa)
    error_message = "mfa takes OFF, OPTIONAL or ON."
  }
}

variable "custom_attributes" {
  description = "Texts that the pool holds for each user, without the prefix custom:. No app client that is made here may write them."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.custom_attributes : length(name) <= 20 && !strcontains(name, ":")])
    error_message = "custom_attributes takes names of up to 20 characters without the prefix custom:."
  }
}

variable "writable_attributes" {
  description = "What a person may change of themselves through the app client."
  type        = set(string)
  default     = ["locale", "name", "zoneinfo"]

  # Cognito takes an empty list for none at all, which lets people write everything.
  validation {
    condition     = length(var.writable_attributes) > 0 && alltrue([for name in var.writable_attributes : !strcontains(name, ":")])
    error_message = "writable_attributes takes at least one standard attribute and no custom one: an empty list would let people write every attribute, and what feeds a permission is nobody's to write."
  }
}

variable "client_auth_flows" {
  description = "How people sign in through the app client."
  type        = set(string)
  default     = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
}

variable "callback_urls" {
  description = "Where managed login may send people back to, with the authorization code grant; no managed login if empty."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.callback_urls) == 0 || var.domain_prefix != null
    error_message = "callback_urls need managed login, which needs a domain; set domain_prefix."
  }
}

variable "logout_urls" {
  description = "Where managed login may send people after they signed out."
  type        = list(string)
  default     = []
}

variable "domain_prefix" {
  description = "Begins the pool's domain, PREFIX.auth.REGION.amazoncognito.com; nobody else in the region may have it."
  type        = string
  default     = null

  validation {
    condition     = var.domain_prefix == null ? true : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.domain_prefix)) && length(regexall("aws|amazon|cognito", var.domain_prefix)) == 0
    error_message = "domain_prefix takes up to 63 lower-case letters, digits and inner hyphens, and none of the words aws, amazon and cognito."
  }
}

variable "machine_client" {
  description = "An app client for machines: the resource server's identifier, and its scopes with what they are for. It has them all."
  type = object({
    resource_server = string
    scopes          = map(string)
  })
  default = null

  validation {
    condition     = var.machine_client == null || var.domain_prefix != null
    error_message = "machine_client needs the pool's token endpoint, which needs a domain; set domain_prefix."
  }

  validation {
    condition     = var.machine_client == null ? true : length(var.machine_client.scopes) > 0
    error_message = "machine_client needs at least one scope, because the client credentials grant gives nothing else."
  }
}

variable "groups" {
  description = "Groups of the pool, with what they are for."
  type        = map(string)
  default     = {}
}

variable "token_validity" {
  description = "For how long tokens are good. What a token says stays true for as long, even if the profile changes."
  type = object({
    access_minutes = optional(number, 15)
    id_minutes     = optional(number, 15)
    refresh_hours  = optional(number, 24)
  })
  default = {}

  validation {
    condition = (
      alltrue([for minutes in [var.token_validity.access_minutes, var.token_validity.id_minutes] : minutes >= 5 && minutes <= 1440])
      && var.token_validity.refresh_hours >= 1 && var.token_validity.refresh_hours <= 87600
    )
    error_message = "token_validity takes 5 to 1440 minutes for access and ID tokens and 1 to 87600 hours for refresh tokens."
  }
}
