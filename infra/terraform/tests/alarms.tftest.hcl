# What somebody is woken for, and by which lines of the log.

mock_provider "aws" {
  source          = "./tests/aws"
  override_during = plan
}

variables {
  name        = "acme"
  package_dir = "tests/package"
}

run "alarms_tell_somebody" {
  command = plan

  variables {
    alarms = { sns_topic_arns = ["arn:aws:sns:eu-west-1:111122223333:page"] }
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_actions == toset(["arn:aws:sns:eu-west-1:111122223333:page"])
    ]) && length(aws_cloudwatch_metric_alarm.this) == 8
    error_message = "an alarm is missing or tells nobody"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["key-fetches-failed"].dimensions == tomap({ outcome = "failed" })
    error_message = "the alarm watches a metric that the authorizer does not write"
  }
}

run "an_authorizer_that_ends_wakes_somebody" {
  command = plan

  assert {
    condition = (
      aws_cloudwatch_log_metric_filter.authorizer_ended[0].log_group_name == "/aws/lambda/acme-authorizer"
      && aws_cloudwatch_log_metric_filter.authorizer_ended[0].metric_transformation[0].value == "1"
      && aws_cloudwatch_metric_alarm.this["authorizer-ended"].namespace == aws_cloudwatch_log_metric_filter.authorizer_ended[0].metric_transformation[0].namespace
      && aws_cloudwatch_metric_alarm.this["authorizer-ended"].metric_name == aws_cloudwatch_log_metric_filter.authorizer_ended[0].metric_transformation[0].name
      && aws_cloudwatch_metric_alarm.this["authorizer-ended"].statistic == "Sum"
      && aws_cloudwatch_metric_alarm.this["authorizer-ended"].threshold == 1
    )
    error_message = "the alarm does not watch what is counted, or not each one"
  }

  # Each in the form in which lambda's text format has it.
  assert {
    condition = alltrue([
      for line in [
        "{\"level\":\"error\",\"message\":\"the function cannot run\",\"detail\":\"the environment has no `CLAIMWRIGHT_ISSUERS`\"}",
        "RequestId: 4a75c2f1-7a35-4a68-9ab8-105dd0d10f9a Error: Runtime exited with error: exit status 1",
        "RequestId: 4a75c2f1-7a35-4a68-9ab8-105dd0d10f9a Error: Runtime exited with error: signal: killed",
        "Runtime.ExitError",
        "INIT_REPORT Init Duration: 107.71 ms\tPhase: init\tStatus: error\tError Type: Runtime.ExitError",
        "INIT_REPORT Init Duration: 0.79 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.InvalidEntrypoint",
        "INIT_REPORT Init Duration: 9999.52 ms\tPhase: init\tStatus: timeout",
        "REPORT RequestId: 4a75c2f1\tDuration: 12.34 ms\tMax Memory Used: 256 MB\tStatus: error\tError Type: Runtime.OutOfMemory",
        "REPORT RequestId: 4a75c2f1\tDuration: 8000.00 ms\tMax Memory Used: 12 MB\tStatus: timeout",
        "2026-11-20T10:00:00.000Z 4a75c2f1-7a35-4a68-9ab8-105dd0d10f9a Task timed out after 8.00 seconds",
      ] :
      anytrue([
        for term in flatten(regexall("\\?\"([^\"]+)\"", aws_cloudwatch_log_metric_filter.authorizer_ended[0].pattern)) : strcontains(line, term)
      ])
    ])
    error_message = "a line that says that the authorizer ended is not counted"
  }

  # Whoever calls with a wrong token makes the invocation fail, and must not raise the alarm.
  assert {
    condition = !anytrue(flatten([
      for line in [
        "START RequestId: 4a75c2f1 Version: 7",
        "{\"level\":\"info\",\"message\":\"call decided\",\"outcome\":\"deny\",\"reason\":\"token-expired\"}",
        "{\"level\":\"error\",\"message\":\"no decision\",\"outcome\":\"error\",\"reason\":\"keys-unavailable\"}",
        "END RequestId: 4a75c2f1",
        "REPORT RequestId: 4a75c2f1\tDuration: 1.20 ms\tMax Memory Used: 12 MB\tStatus: error\tError Type: Function.Unknown",
        ] : [
        for term in flatten(regexall("\\?\"([^\"]+)\"", aws_cloudwatch_log_metric_filter.authorizer_ended[0].pattern)) : strcontains(line, term)
      ]
    ]))
    error_message = "a line that every call may cause is counted"
  }
}

run "no_alarms" {
  command = plan

  variables {
    alarms = { enabled = false }
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) == 0 && length(aws_cloudwatch_log_metric_filter.authorizer_ended) == 0
    error_message = "something is counted that nobody is told"
  }
}
