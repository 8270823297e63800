# The backend's source is text, and CloudFormation takes it as such; Terraform's own resource wants a zip,
# which would need one more tool.
resource "aws_cloudformation_stack" "backend" {
  #checkov:skip=CKV_AWS_124:Terraform waits for the stack and tells its events to who deploys the sample
  name         = "${var.name}-backend"
  capabilities = ["CAPABILITY_IAM"]

  template_body = jsonencode({
    AWSTemplateFormatVersion = "2010-09-09"
    Resources = {
      Log = {
        Type       = "AWS::Logs::LogGroup"
        Properties = { LogGroupName = "/aws/lambda/${var.name}-backend", RetentionInDays = 7 }
      }
      Role = {
        Type = "AWS::IAM::Role"
        Properties = {
          AssumeRolePolicyDocument = {
            Version   = "2012-10-17"
            Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
          }
          Policies = [{
            PolicyName = "exactly"
            PolicyDocument = {
              Version = "2012-10-17"
              Statement = [{
                Effect   = "Allow"
                Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
                Resource = { "Fn::GetAtt" = ["Log", "Arn"] }
              }]
            }
          }]
        }
      }
      Function = {
        Type = "AWS::Lambda::Function"
        Properties = {
          FunctionName = "${var.name}-backend"
          Runtime      = "nodejs22.x"
          Handler      = "index.handler"
          Role         = { "Fn::GetAtt" = ["Role", "Arn"] }
          Code         = { ZipFile = file("${path.module}/backend/index.js") }
        }
      }
    }
    Outputs = { Arn = { Value = { "Fn::GetAtt" = ["Function", "Arn"] } } }
  })
}

locals {
  backend_arn        = aws_cloudformation_stack.backend.outputs["Arn"]
  backend_invoke_arn = "arn:${data.aws_partition.current.partition}:apigateway:${data.aws_region.current.name}:lambda:path/2015-03-31/functions/${local.backend_arn}/invocations"
}

data "aws_partition" "current" {}

data "aws_region" "current" {}

resource "aws_lambda_permission" "backend" {
  for_each = {
    http = aws_apigatewayv2_api.orders.execution_arn
    rest = aws_api_gateway_rest_api.orders.execution_arn
  }

  statement_id  = each.key
  action        = "lambda:InvokeFunction"
  function_name = local.backend_arn
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${each.value}/*/*"
}
