variable "name" {
  description = "Begins the name of everything that is made."
  type        = string
  default     = "orders"
}

variable "package_dir" {
  description = "Folder of the zips; where `cargo xtask package` puts them if null."
  type        = string
  default     = null
}

variable "architecture" {
  description = "Processor of the functions: arm64 or x86_64."
  type        = string
  default     = "arm64"
}

variable "trigger_version" {
  description = "V1_0, V2_0 or V3_0. With V1_0 the access token carries no permissions, so the API lets people read only."
  type        = string
  default     = "V2_0"
}

variable "domain_prefix" {
  description = "Begins the pool's domain. With it there is a client for machines, whose tokens V3_0 shapes."
  type        = string
  default     = null
}

variable "environment" {
  description = "Further environment variables of both functions."
  type        = map(string)
  default     = {}
}

variable "alarms" {
  description = "Whether there are alarms."
  type        = bool
  default     = true
}
