# The authorizers of the gateways: what answers are kept by, for how long, and what is refused because it would be kept wrongly.

mock_provider "aws" {
  source          = "./tests/aws"
  override_during = plan
}

variables {
  name        = "acme"
  package_dir = "tests/package"
}

run "defaults" {
  command = plan

  variables {
    http_api = { id = "h1" }
    rest_api = { id = "r1" }
  }

  assert {
    condition = (
      aws_apigatewayv2_authorizer.http[0].authorizer_type == "REQUEST"
      && aws_apigatewayv2_authorizer.http[0].authorizer_payload_format_version == "2.0"
      && aws_apigatewayv2_authorizer.http[0].identity_sources == toset(["$request.header.Authorization"])
      && aws_apigatewayv2_authorizer.http[0].authorizer_result_ttl_in_seconds == 300
      && aws_apigatewayv2_authorizer.http[0].enable_simple_responses == false
      && endswith(aws_apigatewayv2_authorizer.http[0].authorizer_uri, ":live/invocations")
    )
    error_message = "the authorizer of the http api is another"
  }

  assert {
    condition = (
      aws_api_gateway_authorizer.rest[0].type == "REQUEST"
      && aws_api_gateway_authorizer.rest[0].identity_source == "method.request.header.Authorization"
      && aws_api_gateway_authorizer.rest[0].authorizer_result_ttl_in_seconds == 300
      && endswith(aws_api_gateway_authorizer.rest[0].authorizer_uri, ":live/invocations")
    )
    error_message = "the authorizer of the rest api is another"
  }
}

run "kept_for_one_call" {
  command = plan

  variables {
    http_api = { id = "h1", simple_responses = true, cache_per_call = true }
    rest_api = { id = "r1", cache_per_call = true }
  }

  assert {
    condition = (
      aws_apigatewayv2_authorizer.http[0].identity_sources == toset(["$request.header.Authorization", "$context.httpMethod", "$context.path"])
      && aws_api_gateway_authorizer.rest[0].identity_source == "method.request.header.Authorization,context.httpMethod,context.path"
    )
    error_message = "the call is not part of what answers are kept by"
  }
}

run "nothing_is_kept" {
  command = plan

  variables {
    http_api               = { id = "h1", simple_responses = true, ttl_seconds = 0 }
    rest_api               = { id = "r1", type = "TOKEN", ttl_seconds = 0 }
    authorizer_environment = { CLAIMWRIGHT_TOKEN_FROM = "query:token" }
  }

  assert {
    condition = (
      aws_apigatewayv2_authorizer.http[0].authorizer_result_ttl_in_seconds == 0
      && aws_apigatewayv2_authorizer.http[0].enable_simple_responses
      && length(aws_apigatewayv2_authorizer.http[0].identity_sources) == 0
      && aws_api_gateway_authorizer.rest[0].authorizer_result_ttl_in_seconds == 0
      && aws_api_gateway_authorizer.rest[0].type == "TOKEN"
    )
    error_message = "an answer is kept, or is of another form"
  }
}

run "a_simple_response_is_never_kept_for_other_calls" {
  command = plan

  variables {
    http_api = { id = "h1", simple_responses = true, ttl_seconds = 1 }
  }

  expect_failures = [var.http_api]
}

run "an_answer_is_never_kept_by_another_header" {
  command = plan

  variables {
    http_api               = { id = "h1" }
    authorizer_environment = { CLAIMWRIGHT_TOKEN_FROM = "header:x-token" }
  }

  expect_failures = [var.authorizer_environment]
}

run "a_rest_api_does_not_ask_for_another_header" {
  command = plan

  variables {
    rest_api               = { id = "r1", ttl_seconds = 0 }
    authorizer_environment = { CLAIMWRIGHT_TOKEN_FROM = "header:x-token" }
  }

  expect_failures = [var.authorizer_environment]
}

run "times_to_live_have_bounds" {
  command = plan

  variables {
    http_api = { id = "h1", ttl_seconds = 3601 }
    rest_api = { id = "r1", ttl_seconds = -1 }
  }

  expect_failures = [var.http_api, var.rest_api]
}

run "a_token_authorizer_knows_no_call" {
  command = plan

  variables {
    rest_api = { id = "r1", type = "TOKEN", cache_per_call = true }
  }

  expect_failures = [var.rest_api]
}

run "an_api_needs_the_authorizer" {
  command = plan

  variables {
    create_authorizer = false
    http_api          = { id = "h1" }
    rest_api          = { id = "r1" }
  }

  expect_failures = [var.http_api, var.rest_api]
}
