# What somebody should be woken for.

locals {
  trigger_alarms = {
    trigger-errors = {
      description = "Sign-ins fail. The log of ${module.token_trigger.name} says why. A refuse rule of the contract counts here too."
      namespace   = "AWS/Lambda"
      metric      = "Errors"
      dimensions  = { FunctionName = module.token_trigger.name }
      statistic   = "Sum"
      threshold   = var.alarms.trigger_errors
    }
    trigger-throttles = {
      description = "Sign-ins fail, because Lambda runs no more of ${module.token_trigger.name} at once: raise its concurrency or the account's."
      namespace   = "AWS/Lambda"
      metric      = "Throttles"
      dimensions  = { FunctionName = module.token_trigger.name }
      statistic   = "Sum"
      threshold   = 1
    }
    # The function is ended at 4 seconds and Cognito gives up at 5, so at 3 there is still time to act.
    trigger-duration = {
      description = "One sign-in in a hundred takes three seconds or more of the five that Cognito waits: look at the table, or at facts_ms."
      namespace   = "AWS/Lambda"
      metric      = "Duration"
      dimensions  = { FunctionName = module.token_trigger.name }
      statistic   = "p99"
      threshold   = 3000
    }
  }

  authorizer_alarms = var.create_authorizer ? {
    # Not Lambda's Errors: a wrong token makes the function fail with Unauthorized, so anybody could raise that alarm.
    authorizer-errors = {
      description = "Callers get 500, because an authorizer of this account and region reaches no decision. Its log says why."
      namespace   = "Claimwright"
      metric      = "Decisions"
      dimensions  = { outcome = "error" }
      statistic   = "Sum"
      threshold   = var.alarms.authorizer_errors
    }
    authorizer-ended = {
      description = "Callers get 500, because ${module.authorizer[0].name} does not start, ends or takes too long. Its log says why."
      namespace   = local.authorizer_ended.namespace
      metric      = local.authorizer_ended.name
      dimensions  = {}
      statistic   = "Sum"
      threshold   = 1
    }
    authorizer-throttles = {
      description = "Callers get 500, because Lambda runs no more of ${module.authorizer[0].name} at once: raise its concurrency or the account's."
      namespace   = "AWS/Lambda"
      metric      = "Throttles"
      dimensions  = { FunctionName = module.authorizer[0].name }
      statistic   = "Sum"
      threshold   = 1
    }
    # Speaks before authorizer-ended does: the function is ended at 8 seconds.
    authorizer-duration = {
      description = "One decision in a hundred takes five seconds or more of the ten that gateways wait."
      namespace   = "AWS/Lambda"
      metric      = "Duration"
      dimensions  = { FunctionName = module.authorizer[0].name }
      statistic   = "p99"
      threshold   = 5000
    }
    # Old keys serve for a day after the last fetch, so there is a day to act.
    key-fetches-failed = {
      description = "The keys of a pool of this account and region cannot be fetched; callers get 500 when the keys that are there are a day old."
      namespace   = "Claimwright"
      metric      = "KeyFetches"
      dimensions  = { outcome = "failed" }
      statistic   = "Sum"
      threshold   = 3
    }
  } : {}
}

# An authorizer that ends writes no decision, so only the platform speaks of it. The lines are those that AWS's pages and
# published logs show in the text format; the pattern was not tried on AWS. No caller can have one written: the line of a
# decision holds no text of a caller.
locals {
  authorizer_ended = {
    namespace = "Claimwright"
    # A filter for words has no dimensions, so the name says which function it is.
    name = "${var.name}-authorizer-ended"
    pattern = join(" ", [for words in [
      "the function cannot run",   # the function's own last words: a setting or a file of the package is wrong
      "Runtime exited",            # the process ended, by itself or killed, and Lambda says with which status
      "Runtime.ExitError",         # the same, in the report of a start or of an invocation
      "Runtime.OutOfMemory",       # it was killed because it took more than memory_mb
      "Runtime.InvalidEntrypoint", # there is no bootstrap that this processor runs
      "Task timed out",            # the invocation was ended at 8 seconds
      "Status: timeout",           # the same in its report, and a start that took more than 10
    ] : "?\"${words}\""])
  }
}

resource "aws_cloudwatch_log_metric_filter" "authorizer_ended" {
  count = var.alarms.enabled && var.create_authorizer ? 1 : 0

  name           = local.authorizer_ended.name
  log_group_name = module.authorizer[0].log_group
  pattern        = local.authorizer_ended.pattern

  metric_transformation {
    namespace = local.authorizer_ended.namespace
    name      = local.authorizer_ended.name
    value     = "1"
    unit      = "Count"
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = var.alarms.enabled ? merge(local.trigger_alarms, local.authorizer_alarms) : {}

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic == "Sum" ? "Sum" : null
  extended_statistic  = each.value.statistic == "Sum" ? null : each.value.statistic
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  alarm_actions       = var.alarms.sns_topic_arns
  ok_actions          = var.alarms.sns_topic_arns
  tags                = var.tags

  # Nobody signs in at night.
  treat_missing_data = "notBreaching"
}
