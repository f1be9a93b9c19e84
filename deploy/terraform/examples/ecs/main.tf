# The exporter on ECS Fargate in the delegated administrator's account. The task and the service are
# the CloudFormation template's, so that there is one definition of them.

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

variable "image" {
  description = "Image of the exporter, by tag or digest."
  type        = string
}

variable "regions" {
  description = "Regions whose packs are read."
  type        = list(string)
}

variable "cluster" {
  description = "Name or ARN of the ECS cluster."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the tasks."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets of the tasks, from which AWS can be reached."
  type        = list(string)
}

variable "prometheus_security_group_id" {
  description = "Security group of the Prometheus servers that scrape the exporter."
  type        = string
}

module "role" {
  source = "../.."

  ecs = true
}

resource "aws_cloudformation_stack" "exporter" {
  name          = "conformance-pack-exporter"
  template_body = file("${path.module}/../../../ecs/service.yaml")
  capabilities  = ["CAPABILITY_IAM"]

  parameters = {
    Image                     = var.image
    Regions                   = join(",", var.regions)
    TaskRoleArn               = module.role.role_arn
    Cluster                   = var.cluster
    VpcId                     = var.vpc_id
    SubnetIds                 = join(",", var.subnet_ids)
    PrometheusSecurityGroupId = var.prometheus_security_group_id
  }
}

output "role_arn" {
  description = "The role that the task has."
  value       = module.role.role_arn
}
