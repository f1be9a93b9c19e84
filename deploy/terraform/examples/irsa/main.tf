# The exporter in an EKS cluster of the delegated administrator's account, by IAM roles for service
# accounts.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.29"
    }
  }
}

provider "aws" {}

variable "oidc_provider_arn" {
  description = "ARN of the cluster's OpenID Connect provider."
  type        = string
}

module "role" {
  source = "../.."

  irsa = {
    oidc_provider_arn = var.oidc_provider_arn
    namespace         = "monitoring"
    service_account   = "conformance-pack-exporter"
  }
}

output "service_account_annotations" {
  description = "For the service account, which the Helm chart takes as serviceAccount.annotations."
  value       = module.role.service_account_annotations
}
