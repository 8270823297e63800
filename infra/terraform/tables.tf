# The tables of the contract: those that are made here, and the names and ARNs of all.

locals {
  created_tables = { for name, table in var.tables : name => table if table.existing_name == null }

  table_names = {
    for name, table in var.tables :
    name => table.existing_name == null ? aws_dynamodb_table.this[name].name : table.existing_name
  }
  table_arns = {
    for name, table in var.tables :
    name => (
      table.existing_name == null
      ? aws_dynamodb_table.this[name].arn
      : "arn:${local.partition}:dynamodb:${local.region}:${local.account}:table/${table.existing_name}"
    )
  }
  table_keys = distinct([for table in values(var.tables) : table.kms_key_arn if table.kms_key_arn != null])
}

resource "aws_dynamodb_table" "this" {
  #checkov:skip=CKV_AWS_119:encrypted by the key of the account, which is seen in the trail; a key of one's own is the option kms_key_arn
  for_each = local.created_tables

  name                        = "${var.name}-${each.key}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = each.value.hash_key
  range_key                   = each.value.range_key
  deletion_protection_enabled = var.deletion_protection
  tags                        = var.tags

  attribute {
    name = each.value.hash_key
    type = each.value.hash_key_type
  }

  dynamic "attribute" {
    for_each = each.value.range_key == null ? [] : [each.value]

    content {
      name = attribute.value.range_key
      type = attribute.value.range_key_type
    }
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = each.value.kms_key_arn
  }
}
