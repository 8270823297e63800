# What AWS would answer, so that a plan shows whole policies without network and without an account.

mock_data "aws_caller_identity" {
  defaults = { account_id = "111122223333" }
}

mock_data "aws_partition" {
  defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
}

mock_data "aws_region" {
  defaults = { name = "eu-west-1", id = "eu-west-1" }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:eu-west-1:111122223333:log-group:LOG" }
}

mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::111122223333:role/ROLE" }
}

mock_resource "aws_lambda_function" {
  defaults = { arn = "arn:aws:lambda:eu-west-1:111122223333:function:FUNCTION", version = "7" }
}

mock_resource "aws_lambda_alias" {
  defaults = {
    arn        = "arn:aws:lambda:eu-west-1:111122223333:function:FUNCTION:live"
    invoke_arn = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:FUNCTION:live/invocations"
  }
}

mock_resource "aws_cognito_user_pool" {
  defaults = {
    id  = "eu-west-1_Ab12Cd34E"
    arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Ab12Cd34E"
  }
}

mock_resource "aws_cognito_user_pool_client" {
  defaults = { id = "4demo0client0id" }
}

mock_resource "aws_cognito_resource_server" {
  defaults = { scope_identifiers = ["orders/read"] }
}

mock_resource "aws_dynamodb_table" {
  defaults = { arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/TABLE" }
}

mock_resource "aws_apigatewayv2_authorizer" {
  defaults = { id = "ah1" }
}

mock_resource "aws_api_gateway_authorizer" {
  defaults = { id = "ar1" }
}
