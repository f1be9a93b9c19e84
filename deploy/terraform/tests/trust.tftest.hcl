# Who may assume the role.

mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws-us-gov" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
}

run "trusts_whom_it_is_told_to" {
  command = plan

  variables {
    irsa = {
      oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
      namespace         = "monitoring"
      service_account   = "exporter"
    }
    pod_identity = {
      cluster_arn     = "arn:aws:eks:eu-west-1:111122223333:cluster/example"
      namespace       = "monitoring"
      service_account = "exporter"
    }
    ecs = true
    ec2 = true
    trusted_roles = {
      arns         = ["arn:aws:iam::444455556666:role/exporter"]
      external_id  = "an-external-id"
      session_tags = true
    }
  }

  assert {
    condition = jsondecode(output.trust_policy).Statement == [
      {
        Sid       = "Irsa"
        Effect    = "Allow"
        Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE" }
        Action    = ["sts:AssumeRoleWithWebIdentity"]
        Condition = {
          StringEquals = {
            "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:sub" = "system:serviceaccount:monitoring:exporter"
            "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:aud" = "sts.amazonaws.com"
          }
        }
      },
      {
        Sid       = "PodIdentity"
        Effect    = "Allow"
        Principal = { Service = "pods.eks.amazonaws.com" }
        Action    = ["sts:AssumeRole", "sts:TagSession"]
        Condition = {
          StringEquals = {
            "aws:RequestTag/eks-cluster-arn"            = "arn:aws:eks:eu-west-1:111122223333:cluster/example"
            "aws:RequestTag/kubernetes-namespace"       = "monitoring"
            "aws:RequestTag/kubernetes-service-account" = "exporter"
          }
        }
      },
      {
        Sid       = "Ecs"
        Effect    = "Allow"
        Principal = { Service = "ecs-tasks.amazonaws.com" }
        Action    = ["sts:AssumeRole"]
        Condition = {
          StringEquals = { "aws:SourceAccount" = "111122223333" }
          ArnLike      = { "aws:SourceArn" = "arn:aws-us-gov:ecs:*:111122223333:*" }
        }
      },
      {
        Sid       = "Ec2"
        Effect    = "Allow"
        Principal = { Service = "ec2.amazonaws.com" }
        Action    = ["sts:AssumeRole"]
      },
      {
        Sid       = "TrustedRoles"
        Effect    = "Allow"
        Principal = { AWS = ["arn:aws:iam::444455556666:role/exporter"] }
        Action    = ["sts:AssumeRole"]
        Condition = { StringEquals = { "sts:ExternalId" = "an-external-id" } }
      },
      {
        Sid       = "TrustedTags"
        Effect    = "Allow"
        Principal = { AWS = ["arn:aws:iam::444455556666:role/exporter"] }
        Action    = ["sts:TagSession"]
      },
    ]
    error_message = output.trust_policy
  }

  assert {
    condition     = aws_eks_pod_identity_association.this[0].cluster_name == "example"
    error_message = "The association is for the cluster."
  }

  assert {
    condition     = output.instance_profile_name == "conformance-pack-exporter"
    error_message = "The instance profile has the role's name."
  }
}

run "refuses_to_trust_nobody" {
  command = plan

  expect_failures = [aws_iam_role.this]
}

run "refuses_to_trust_too_many" {
  command = plan

  variables {
    irsa = {
      oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
      namespace         = "monitoring"
      service_account   = "*"
    }
    pod_identity = {
      cluster_arn     = "example"
      namespace       = "monitoring"
      service_account = "exporter"
    }
    trusted_roles = {
      arns        = ["arn:aws:iam::444455556666:root"]
      external_id = "an-external-id"
    }
    assume_role_arns = ["arn:aws:iam::444455556666:role/*"]
  }

  expect_failures = [var.irsa, var.pod_identity, var.trusted_roles, var.assume_role_arns]
}

run "refuses_roles_for_want_of_an_external_id" {
  command = plan

  variables {
    trusted_roles = {
      arns        = ["arn:aws:iam::444455556666:role/exporter"]
      external_id = ""
    }
  }

  expect_failures = [var.trusted_roles]
}
