# What the role allows.

mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws-us-gov" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
}

run "reads_packs_and_accounts" {
  command = plan

  variables {
    ec2 = true
  }

  assert {
    condition = {
      for statement in jsondecode(output.policy).Statement : statement.Sid => [statement.Action, statement.Resource]
      } == {
      ListPacks = [
        [
          "config:DescribeOrganizationConformancePackStatuses",
          "config:DescribeOrganizationConformancePacks",
        ],
        "*",
      ]
      ReadPacks = [
        ["config:GetOrganizationConformancePackDetailedStatus"],
        "arn:aws-us-gov:config:*:111122223333:organization-conformance-pack/*",
      ]
      ProveDelegation = [["organizations:ListDelegatedAdministrators"], "*"]
      ListAccounts    = [["organizations:ListAccounts", "organizations:DescribeOrganization"], "*"]
      NameUnits = [
        ["organizations:DescribeOrganizationalUnit"],
        "arn:aws-us-gov:organizations::*:ou/o-*/ou-*",
      ]
    }
    error_message = output.policy
  }
}

run "leaves_out_what_is_not_wanted" {
  command = plan

  variables {
    ec2                     = true
    read_accounts           = false
    delegated_administrator = false
  }

  assert {
    condition     = jsondecode(output.policy).Statement[*].Sid == ["ListPacks", "ReadPacks"]
    error_message = output.policy
  }
}

run "assumes_roles_and_passes_on_the_tags_of_pod_identity" {
  command = plan

  variables {
    read_packs       = false
    assume_role_arns = ["arn:aws:iam::444455556666:role/reader"]
    pod_identity = {
      cluster_arn     = "arn:aws:eks:eu-west-1:111122223333:cluster/example"
      namespace       = "monitoring"
      service_account = "exporter"
    }
  }

  assert {
    condition = jsondecode(output.policy).Statement == [
      {
        Sid      = "AssumeSources"
        Effect   = "Allow"
        Action   = ["sts:AssumeRole"]
        Resource = ["arn:aws:iam::444455556666:role/reader"]
      },
      {
        Sid      = "PassTags"
        Effect   = "Allow"
        Action   = ["sts:TagSession"]
        Resource = ["arn:aws:iam::444455556666:role/reader"]
      },
    ]
    error_message = output.policy
  }
}

run "refuses_to_allow_nothing" {
  command = plan

  variables {
    ec2        = true
    read_packs = false
  }

  expect_failures = [aws_iam_role.this]
}
