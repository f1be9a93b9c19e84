# The exporter on an EC2 instance of the management account, under systemd or in a container.

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

module "role" {
  source = "../.."

  ec2                     = true
  delegated_administrator = false
}

output "instance_profile_name" {
  description = "For the instance's iam_instance_profile."
  value       = module.role.instance_profile_name
}
