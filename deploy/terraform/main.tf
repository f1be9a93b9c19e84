data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  account_id = data.aws_caller_identity.current.account_id

  statements = concat(
    var.read_packs ? [
      {
        Sid    = "ListPacks"
        Effect = "Allow"
        Action = [
          "config:DescribeOrganizationConformancePackStatuses",
          "config:DescribeOrganizationConformancePacks",
        ]
        Resource = "*"
      },
      {
        Sid    = "ReadPacks"
        Effect = "Allow"
        Action = ["config:GetOrganizationConformancePackDetailedStatus"]
        # A caller sees the packs only that its own account has deployed.
        Resource = "arn:${local.partition}:config:*:${local.account_id}:organization-conformance-pack/*"
      },
    ] : [],
    var.read_packs && var.delegated_administrator ? [
      {
        Sid      = "ProveDelegation"
        Effect   = "Allow"
        Action   = ["organizations:ListDelegatedAdministrators"]
        Resource = "*"
      },
    ] : [],
    var.read_packs && var.read_accounts ? [
      {
        Sid      = "ListAccounts"
        Effect   = "Allow"
        Action   = ["organizations:ListAccounts", "organizations:DescribeOrganization"]
        Resource = "*"
      },
      {
        Sid    = "NameUnits"
        Effect = "Allow"
        Action = ["organizations:DescribeOrganizationalUnit"]
        # Units belong to the management account, whichever that is.
        Resource = "arn:${local.partition}:organizations::*:ou/o-*/ou-*"
      },
    ] : [],
    length(var.assume_role_arns) > 0 ? [
      {
        Sid      = "AssumeSources"
        Effect   = "Allow"
        Action   = ["sts:AssumeRole"]
        Resource = var.assume_role_arns
      },
    ] : [],
    length(var.assume_role_arns) > 0 && var.pod_identity != null ? [
      {
        # The tags of a session of EKS Pod Identity go along to the next role.
        Sid      = "PassTags"
        Effect   = "Allow"
        Action   = ["sts:TagSession"]
        Resource = var.assume_role_arns
      },
    ] : [],
  )

  # What stands before :sub and :aud in the claims of the cluster's tokens.
  issuer = var.irsa == null ? null : split(":oidc-provider/", var.irsa.oidc_provider_arn)[1]

  trust = concat(
    var.irsa == null ? [] : [
      {
        Sid       = "Irsa"
        Effect    = "Allow"
        Principal = { Federated = var.irsa.oidc_provider_arn }
        Action    = ["sts:AssumeRoleWithWebIdentity"]
        Condition = {
          StringEquals = {
            "${local.issuer}:sub" = "system:serviceaccount:${var.irsa.namespace}:${var.irsa.service_account}"
            "${local.issuer}:aud" = "sts.amazonaws.com"
          }
        }
      },
    ],
    var.pod_identity == null ? [] : [
      {
        Sid       = "PodIdentity"
        Effect    = "Allow"
        Principal = { Service = "pods.eks.amazonaws.com" }
        Action    = ["sts:AssumeRole", "sts:TagSession"]
        Condition = {
          StringEquals = {
            "aws:RequestTag/eks-cluster-arn"            = var.pod_identity.cluster_arn
            "aws:RequestTag/kubernetes-namespace"       = var.pod_identity.namespace
            "aws:RequestTag/kubernetes-service-account" = var.pod_identity.service_account
          }
        }
      },
    ],
    var.ecs ? [
      {
        Sid       = "Ecs"
        Effect    = "Allow"
        Principal = { Service = "ecs-tasks.amazonaws.com" }
        Action    = ["sts:AssumeRole"]
        Condition = {
          StringEquals = { "aws:SourceAccount" = local.account_id }
          ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:ecs:*:${local.account_id}:*" }
        }
      },
    ] : [],
    var.ec2 ? [
      {
        # Without a condition: a role can be passed to instances of its own account only.
        Sid       = "Ec2"
        Effect    = "Allow"
        Principal = { Service = "ec2.amazonaws.com" }
        Action    = ["sts:AssumeRole"]
      },
    ] : [],
    var.trusted_roles == null ? [] : [
      {
        Sid       = "TrustedRoles"
        Effect    = "Allow"
        Principal = { AWS = var.trusted_roles.arns }
        Action    = ["sts:AssumeRole"]
        Condition = { StringEquals = { "sts:ExternalId" = var.trusted_roles.external_id } }
      },
    ],
    try(var.trusted_roles.session_tags, false) ? [
      {
        # Apart from the above: the external id is a condition of sts:AssumeRole.
        Sid       = "TrustedTags"
        Effect    = "Allow"
        Principal = { AWS = var.trusted_roles.arns }
        Action    = ["sts:TagSession"]
      },
    ] : [],
  )

  policy       = jsonencode({ Version = "2012-10-17", Statement = local.statements })
  trust_policy = jsonencode({ Version = "2012-10-17", Statement = local.trust })
}

resource "aws_iam_role" "this" {
  name                 = var.name
  path                 = var.path
  description          = "Lets conformance-pack-exporter read the status of organization conformance packs"
  assume_role_policy   = local.trust_policy
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  lifecycle {
    precondition {
      condition     = length(local.trust) > 0
      error_message = "Nobody may assume the role: set irsa, pod_identity, ecs, ec2 or trusted_roles."
    }

    precondition {
      condition     = length(local.statements) > 0
      error_message = "The role allows nothing: set read_packs or assume_role_arns."
    }
  }
}

resource "aws_iam_role_policy" "this" {
  name   = var.name
  role   = aws_iam_role.this.name
  policy = local.policy
}

resource "aws_iam_instance_profile" "this" {
  count = var.ec2 ? 1 : 0

  name = var.name
  path = var.path
  role = aws_iam_role.this.name
  tags = var.tags
}

resource "aws_eks_pod_identity_association" "this" {
  count = var.pod_identity == null ? 0 : 1

  cluster_name    = split(":cluster/", var.pod_identity.cluster_arn)[1]
  namespace       = var.pod_identity.namespace
  service_account = var.pod_identity.service_account
  role_arn        = aws_iam_role.this.arn
  tags            = var.tags
}
