# One function of Claimwright with its log, its role and the alias that everybody invokes.

# Made here, before the function: Lambda would make a group that keeps everything for ever,
# and the role would need the permission to do so.
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338:for how long is the user's decision; a year of sign-in times is more than most may keep
  #checkov:skip=CKV_AWS_158:CloudWatch encrypts every group; a key of one's own is the option log_kms_key_arn
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn
  tags              = var.tags
}

resource "aws_iam_role" "this" {
  # The account's, in all regions. Another one would be another role, and versions that serve keep the role they have.
  name                 = var.name
  description          = "Role of the function ${var.name}."
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

locals {
  log = {
    Sid    = "WriteLog"
    Effect = "Allow"
    Action = ["logs:CreateLogStream", "logs:PutLogEvents"]
    # Lambda chooses the names of the streams, so the last part stays open; the group does not.
    Resource = ["${aws_cloudwatch_log_group.this.arn}:*"]
  }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [local.log],
      # IAM refuses a condition that is null.
      [for statement in var.statements : { for key, value in statement : key => value if value != null }],
    )
  })
}

resource "aws_iam_role_policy" "this" {
  name   = "exactly"
  role   = aws_iam_role.this.name
  policy = local.policy
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_50:X-Ray has no permission narrower than all resources, and the function writes its times into its log
  #checkov:skip=CKV_AWS_115:reserved concurrency is taken from the rest of the account; it is the option concurrency
  #checkov:skip=CKV_AWS_116:only synchronous callers invoke it, and Lambda writes their failures to no queue
  #checkov:skip=CKV_AWS_117:it calls public endpoints of AWS only; a VPC would add routes and no protection
  #checkov:skip=CKV_AWS_173:the environment holds names of tables and clients and no secret
  #checkov:skip=CKV_AWS_272:code signing needs a signing profile of the user; it is the option code_signing_config_arn
  function_name                  = var.name
  description                    = var.description
  role                           = aws_iam_role.this.arn
  runtime                        = "provided.al2023"
  handler                        = "bootstrap"
  architectures                  = [var.architecture]
  filename                       = var.zip
  source_code_hash               = filebase64sha256(var.zip)
  publish                        = true
  memory_size                    = var.memory_mb
  timeout                        = var.timeout_seconds
  reserved_concurrent_executions = coalesce(var.concurrency.reserved, -1)
  code_signing_config_arn        = var.code_signing_config_arn
  tags                           = var.tags

  environment {
    variables = var.environment
  }

  # Each line is JSON already, and its metrics are read from it as it stands. The alarm authorizer-ended reads the lines of
  # Lambda itself in this format.
  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.this.name
  }

  # Without the policy, the first invocations would leave no log, and the trigger would read nothing.
  depends_on = [aws_iam_role_policy.this]
}

# What Cognito and the gateways invoke. It moves to each new version at once, or bit by bit while there is a canary.
resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "What callers invoke."
  function_name    = aws_lambda_function.this.function_name
  function_version = var.canary == null ? aws_lambda_function.this.version : var.canary.stable_version

  dynamic "routing_config" {
    for_each = var.canary == null ? [] : [var.canary]

    content {
      additional_version_weights = { (aws_lambda_function.this.version) = routing_config.value.weight }
    }
  }

  lifecycle {
    precondition {
      condition     = var.canary == null || try(var.canary.stable_version, "") != aws_lambda_function.this.version
      error_message = "the canary's stable_version is the newest version of the function ${var.name}, so there is nothing to try; leave the canary out, or name the version before."
    }
  }
}

resource "aws_lambda_provisioned_concurrency_config" "live" {
  count = var.concurrency.provisioned == null ? 0 : 1

  function_name                     = aws_lambda_function.this.function_name
  qualifier                         = aws_lambda_alias.live.name
  provisioned_concurrent_executions = var.concurrency.provisioned
}
