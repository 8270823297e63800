variable "name" {
  description = "Name of the function, its role and its log group."
  type        = string
}

variable "description" {
  description = "What the function is, in one line."
  type        = string
}

variable "zip" {
  description = "Path of the zip with bootstrap, the component and the contract."
  type        = string
}

variable "architecture" {
  description = "What the zip was built for: arm64 or x86_64."
  type        = string
}

variable "memory_mb" {
  description = "Memory in MB; it buys processor time too."
  type        = number
}

variable "timeout_seconds" {
  description = "After how many seconds Lambda ends an invocation."
  type        = number
}

variable "environment" {
  description = "Environment variables."
  type        = map(string)
}

variable "statements" {
  description = "What the function may do besides writing its log, as IAM statements."
  type = list(object({
    Sid       = string
    Effect    = string
    Action    = list(string)
    Resource  = list(string)
    Condition = optional(map(map(string)))
  }))
  default = []
}

variable "log_retention_days" {
  description = "For how many days the log is kept."
  type        = number
}

variable "log_kms_key_arn" {
  description = "Key that encrypts the log; CloudWatch's own if null."
  type        = string
  default     = null
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the role."
  type        = string
  default     = null
}

variable "code_signing_config_arn" {
  description = "Code signing configuration that the zip must satisfy."
  type        = string
  default     = null
}

variable "concurrency" {
  description = "Reserved and provisioned concurrency; null is none."
  type = object({
    reserved    = optional(number)
    provisioned = optional(number)
  })
  default = {}
}

variable "canary" {
  description = "The version that goes on serving, and the share of invocations that the newest version gets."
  type = object({
    stable_version = string
    weight         = number
  })
  default = null
}

variable "tags" {
  description = "Tags of everything."
  type        = map(string)
  default     = {}
}
