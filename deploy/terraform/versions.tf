terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The first that knows EKS Pod Identity.
      version = ">= 5.29"
    }
  }
}
