# The exporter in an EKS cluster of the delegated administrator's account, by EKS Pod Identity. The
# cluster needs the add-on eks-pod-identity-agent; the service account needs no annotation.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.29"
    }
  }
}

# In the Region of the cluster.
provider "aws" {}

variable "cluster_arn" {
  description = "ARN of the cluster."
  type        = string
}

module "role" {
  source = "../.."

  pod_identity = {
    cluster_arn     = var.cluster_arn
    namespace       = "monitoring"
    service_account = "conformance-pack-exporter"
  }
}

output "role_arn" {
  description = "The role that the pods have."
  value       = module.role.role_arn
}
