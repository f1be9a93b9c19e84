# A whole organization: the exporter in an EKS cluster of a monitoring account reads, as two sources,
# the packs of the management account and those of a delegated administrator, which is registered here.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.29"
    }
  }
}

# Where the exporter runs, in the Region of the cluster.
provider "aws" {}

provider "aws" {
  alias   = "management"
  profile = var.management_profile
}

provider "aws" {
  alias   = "delegate"
  profile = var.delegate_profile
}

variable "management_profile" {
  description = "Profile of the AWS configuration files for the management account."
  type        = string
  default     = null
}

variable "delegate_profile" {
  description = "Profile of the AWS configuration files for the delegated administrator's account."
  type        = string
  default     = null
}

variable "management_account_id" {
  description = "The management account."
  type        = string
}

variable "delegate_account_id" {
  description = "The member account that is to be a delegated administrator of AWS Config."
  type        = string
}

variable "cluster_arn" {
  description = "ARN of the EKS cluster in which the exporter runs."
  type        = string
}

variable "external_id" {
  description = "External id that the two roles demand."
  type        = string
}

variable "regions" {
  description = "Regions whose packs are read."
  type        = list(string)
}

data "aws_partition" "current" {}

locals {
  reader = "conformance-pack-reader"
  sources = {
    management = "arn:${data.aws_partition.current.partition}:iam::${var.management_account_id}:role/${local.reader}"
    delegate   = "arn:${data.aws_partition.current.partition}:iam::${var.delegate_account_id}:role/${local.reader}"
  }
}

# Trusted access has to be on: put config-multiaccountsetup.amazonaws.com into the
# aws_service_access_principals of your aws_organizations_organization. AWS takes three such accounts.
resource "aws_organizations_delegated_administrator" "config" {
  provider = aws.management

  account_id        = var.delegate_account_id
  service_principal = "config-multiaccountsetup.amazonaws.com"
}

# The role that the pods have: it reads nothing itself.
module "exporter" {
  source = "../.."

  read_packs       = false
  assume_role_arns = values(local.sources)

  pod_identity = {
    cluster_arn     = var.cluster_arn
    namespace       = "monitoring"
    service_account = "conformance-pack-exporter"
  }
}

module "management" {
  source    = "../.."
  providers = { aws = aws.management }

  name                    = local.reader
  delegated_administrator = false

  trusted_roles = {
    arns         = [module.exporter.role_arn]
    external_id  = var.external_id
    session_tags = true
  }
}

module "delegate" {
  source    = "../.."
  providers = { aws = aws.delegate }

  name = local.reader

  trusted_roles = {
    arns         = [module.exporter.role_arn]
    external_id  = var.external_id
    session_tags = true
  }
}

output "config_file" {
  description = "Configuration file of the exporter."
  value = yamlencode({
    sources = [
      for name, arn in local.sources : {
        name        = name
        role_arn    = arn
        external_id = var.external_id
        regions     = var.regions
      }
    ]
  })
}
