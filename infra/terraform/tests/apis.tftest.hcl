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
    http_api = { id = "h1", simple_responses = true, ttl_seconds = 0 }
    rest_api = { id = "r1", type = "TOKEN", ttl_seconds = 0 }
  }

  assert {
    condition = (
      aws_apigatewayv2_authorizer.http[0].authorizer_result_ttl_in_seconds == 0
      && aws_apigatewayv2_authorizer.http[0].enable_simple_responses
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

run "answers_are_kept_by_the_header_that_holds_the_token" {
  command = plan

  variables {
    http_api               = { id = "h1" }
    rest_api               = { id = "r1" }
    authorizer_environment = { CLAIMWRIGHT_TOKEN_FROM = "header:x-token" }
  }

  assert {
    condition = (
      aws_apigatewayv2_authorizer.http[0].identity_sources == toset(["$request.header.X-Token"])
      && aws_apigatewayv2_authorizer.http[0].authorizer_result_ttl_in_seconds == 300
      && aws_api_gateway_authorizer.rest[0].identity_source == "method.request.header.X-Token"
      && aws_api_gateway_authorizer.rest[0].authorizer_result_ttl_in_seconds == 300
    )
    error_message = "answers are kept by something else than the token"
  }
}

run "and_a_token_authorizer_reads_that_header" {
  command = plan

  variables {
    rest_api               = { id = "r1", type = "TOKEN" }
    authorizer_environment = { CLAIMWRIGHT_TOKEN_FROM = "header:X-Token" }
  }

  assert {
    condition     = aws_api_gateway_authorizer.rest[0].identity_source == "method.request.header.X-Token"
    error_message = "the authorizer is given another header"
  }
}

run "the_default_place_may_be_spelled_out" {
  command = plan

  variables {
    http_api               = { id = "h1" }
    rest_api               = { id = "r1" }
    authorizer_environment = { CLAIMWRIGHT_TOKEN_FROM = "header:authorization" }
  }

  assert {
    condition = (
      aws_apigatewayv2_authorizer.http[0].identity_sources == toset(["$request.header.Authorization"])
      && aws_api_gateway_authorizer.rest[0].identity_source == "method.request.header.Authorization"
    )
    error_message = "the default is not what it is when it is left out"
  }
}

run "answers_are_kept_by_the_parameter_that_holds_the_token" {
  command = plan

  variables {
    http_api               = { id = "h1", cache_per_call = true }
    rest_api               = { id = "r1" }
    authorizer_environment = { CLAIMWRIGHT_TOKEN_FROM = "query:token" }
  }

  assert {
    condition = (
      aws_apigatewayv2_authorizer.http[0].identity_sources == toset(["$request.querystring.token", "$context.httpMethod", "$context.path"])
      && aws_api_gateway_authorizer.rest[0].identity_source == "method.request.querystring.token"
    )
    error_message = "answers are kept by something else than the token"
  }
}

# Each identity source would have to be there, so two places are none.
run "nobody_must_bring_the_token_twice" {
  command = plan

  variables {
    http_api               = { id = "h1", ttl_seconds = 0, cache_per_call = true }
    rest_api               = { id = "r1", ttl_seconds = 0 }
    authorizer_environment = { CLAIMWRIGHT_TOKEN_FROM = "header:a, query:b" }
  }

  assert {
    condition = (
      length(aws_apigatewayv2_authorizer.http[0].identity_sources) == 0
      && aws_api_gateway_authorizer.rest[0].identity_source == ""
    )
    error_message = "a gateway turns away who brings the token in one of the places"
  }
}

run "with_two_places_no_answer_is_kept" {
  command = plan

  variables {
    http_api               = { id = "h1" }
    authorizer_environment = { CLAIMWRIGHT_TOKEN_FROM = "header:a,query:b" }
  }

  expect_failures = [var.authorizer_environment]
}

run "a_token_authorizer_reads_no_parameter" {
  command = plan

  variables {
    rest_api               = { id = "r1", type = "TOKEN" }
    authorizer_environment = { CLAIMWRIGHT_TOKEN_FROM = "query:token" }
  }

  expect_failures = [var.authorizer_environment]
}

run "a_token_authorizer_reads_one_header" {
  command = plan

  variables {
    rest_api               = { id = "r1", type = "TOKEN", ttl_seconds = 0 }
    authorizer_environment = { CLAIMWRIGHT_TOKEN_FROM = "header:a,header:b" }
  }

  expect_failures = [var.authorizer_environment]
}

run "a_protocol_is_of_websocket_apis" {
  command = plan

  variables {
    http_api               = { id = "h1", ttl_seconds = 0 }
    authorizer_environment = { CLAIMWRIGHT_TOKEN_FROM = "protocol:bearer" }
  }

  expect_failures = [var.authorizer_environment]
}

run "which_may_be_made_elsewhere" {
  command = plan

  variables {
    authorizer_environment = { CLAIMWRIGHT_TOKEN_FROM = "header:authorization, protocol:bearer" }
  }

  assert {
    condition     = output.authorizer_invoke_arn == "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:FUNCTION:live/invocations"
    error_message = "the output is not what an authorizer of a websocket api takes as its address"
  }

  assert {
    condition     = output.rest_authorizer_digest == null
    error_message = "there is a digest of an authorizer that is not made"
  }
}

run "a_place_that_the_function_does_not_know" {
  command = plan

  variables {
    authorizer_environment = { CLAIMWRIGHT_TOKEN_FROM = "cookie:token" }
  }

  expect_failures = [var.authorizer_environment]
}

# A REST API serves a snapshot: its deployment must be told of each change of the authorizer.
run "digest" {
  command = plan

  variables {
    rest_api = { id = "r1" }
  }

  assert {
    condition     = output.claimwright.rest_authorizer_digest == output.rest_authorizer_digest
    error_message = "the digest is not among all outputs"
  }
}

run "digest_of_another_time" {
  command = plan

  variables {
    rest_api = { id = "r1", ttl_seconds = 60 }
  }

  assert {
    condition     = output.rest_authorizer_digest != run.digest.rest_authorizer_digest
    error_message = "a deployed stage goes on with the old time"
  }
}

run "digest_of_another_type" {
  command = plan

  variables {
    rest_api = { id = "r1", type = "TOKEN" }
  }

  assert {
    condition     = output.rest_authorizer_digest != run.digest.rest_authorizer_digest
    error_message = "a deployed stage goes on with the old type"
  }
}

run "digest_of_another_key" {
  command = plan

  variables {
    rest_api = { id = "r1", cache_per_call = true }
  }

  assert {
    condition     = output.rest_authorizer_digest != run.digest.rest_authorizer_digest
    error_message = "a deployed stage goes on keeping answers by the old key"
  }
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
