# The sample: a change of the REST API's authorizer reaches the stage.

mock_provider "aws" {
  source          = "./tests/aws"
  override_during = plan
}

override_module {
  target          = module.claimwright
  override_during = plan
  outputs         = { rest_authorizer_id = "ar1", http_authorizer_id = "ah1", rest_authorizer_digest = "digest of the authorizer", claimwright = {} }
}

override_resource {
  target          = aws_cloudformation_stack.backend
  override_during = plan
  values          = { outputs = { Arn = "arn:aws:lambda:eu-west-1:111122223333:function:backend" } }
}

run "a_change_of_the_authorizer_is_deployed" {
  command = plan

  module {
    source = "./examples/orders"
  }

  variables {
    package_dir = "tests/package"
  }

  assert {
    condition = aws_api_gateway_deployment.orders.triggers.snapshot_of == sha256(jsonencode([
      "{proxy+}", "ANY", "CUSTOM", "ar1", "digest of the authorizer", "AWS_PROXY",
      "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:backend/invocations",
    ]))
    error_message = "the deployment is not made again when the authorizer changes"
  }
}
