output "name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "alias" {
  description = "Name of the alias that callers invoke."
  value       = aws_lambda_alias.live.name
}

output "arn" {
  description = "ARN of the alias."
  value       = aws_lambda_alias.live.arn
}

output "invoke_arn" {
  description = "The alias as API Gateway wants it."
  value       = aws_lambda_alias.live.invoke_arn
}

output "version" {
  description = "The newest published version."
  value       = aws_lambda_function.this.version
}

output "log_group" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "policy" {
  description = "The role's whole policy, as JSON."
  value       = local.policy
}

output "settings" {
  description = "How the function runs."
  value = {
    architecture    = one(aws_lambda_function.this.architectures)
    memory_mb       = aws_lambda_function.this.memory_size
    timeout_seconds = aws_lambda_function.this.timeout
    environment     = var.environment
  }
}

output "weights" {
  description = "Which version the alias stands for, and which others get a share."
  value = {
    stable = aws_lambda_alias.live.function_version
    others = one(aws_lambda_alias.live.routing_config[*].additional_version_weights)
  }
}
