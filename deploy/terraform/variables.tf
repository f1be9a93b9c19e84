variable "name" {
  description = "Name of the role, of its policy and, for EC2, of its instance profile."
  type        = string
  default     = "conformance-pack-exporter"

  validation {
    condition     = can(regex("^[\\w+=,.@-]{1,64}$", var.name))
    error_message = "A role's name has 1 to 64 letters, digits or characters of _+=,.@-."
  }
}

variable "path" {
  description = "Path of the role, such as /monitoring/."
  type        = string
  default     = "/"
}

variable "permissions_boundary" {
  description = "ARN of a policy that bounds what the role may be allowed."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of everything that the module makes."
  type        = map(string)
  default     = {}
}

# What the role allows.

variable "read_packs" {
  description = "Whether the role itself reads packs; false for a role that only assumes others."
  type        = bool
  default     = true
}

variable "read_accounts" {
  description = "Whether the role reads the accounts of the organization: their names, and which of them a pack misses. Where false, run the exporter with --no-collector.accounts."
  type        = bool
  default     = true
}

variable "delegated_administrator" {
  description = "Whether the account of the role is a delegated administrator, which AWS Config may have AWS Organizations confirm in the name of the caller. False in the management account."
  type        = bool
  default     = true
}

variable "assume_role_arns" {
  description = "Roles in other accounts that the exporter assumes from this one, one for each source that has a role_arn."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.assume_role_arns : can(regex("^arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]+$", arn))])
    error_message = "Each has to be the ARN of one role, without wildcards."
  }
}

# Who may assume the role: at least one of these.

variable "irsa" {
  description = "A service account of an EKS cluster, by the cluster's OpenID Connect provider."
  type = object({
    oidc_provider_arn = string
    namespace         = string
    service_account   = string
  })
  default = null

  validation {
    condition     = var.irsa == null || can(regex("^arn:aws[a-z-]*:iam::\\d{12}:oidc-provider/.+$", var.irsa.oidc_provider_arn))
    error_message = "oidc_provider_arn has to be the ARN of an OpenID Connect provider of IAM."
  }

  validation {
    condition     = var.irsa == null || !can(regex("[*?]", "${var.irsa.namespace}${var.irsa.service_account}"))
    error_message = "Name one namespace and one service account, without wildcards."
  }
}

variable "pod_identity" {
  description = "A service account of an EKS cluster that runs the EKS Pod Identity Agent. The association is made too, in the Region of the provider, which has to be the cluster's."
  type = object({
    cluster_arn     = string
    namespace       = string
    service_account = string
  })
  default = null

  validation {
    condition     = var.pod_identity == null || can(regex("^arn:aws[a-z-]*:eks:[a-z0-9-]+:\\d{12}:cluster/[^/]+$", var.pod_identity.cluster_arn))
    error_message = "cluster_arn has to be the ARN of an EKS cluster."
  }

  validation {
    condition     = var.pod_identity == null || !can(regex("[*?]", "${var.pod_identity.namespace}${var.pod_identity.service_account}"))
    error_message = "Name one namespace and one service account, without wildcards."
  }
}

variable "ecs" {
  description = "Whether tasks of Amazon ECS in this account may have the role."
  type        = bool
  default     = false
}

variable "ec2" {
  description = "Whether EC2 instances of this account may have the role; its instance profile is made too."
  type        = bool
  default     = false
}

variable "trusted_roles" {
  description = "Roles, of other accounts or of this one, from which the exporter assumes this role. session_tags: whether their sessions carry tags on, which those of EKS Pod Identity do."
  type = object({
    arns         = list(string)
    external_id  = string
    session_tags = optional(bool, false)
  })
  default = null

  validation {
    condition = var.trusted_roles == null || (
      try(length(var.trusted_roles.arns), 0) > 0 &&
      alltrue([for arn in try(var.trusted_roles.arns, []) : can(regex("^arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]+$", arn))])
    )
    error_message = "arns has to name roles by their ARNs, without wildcards."
  }

  validation {
    condition = var.trusted_roles == null || (
      can(regex("^[\\w+=,.@:/-]+$", var.trusted_roles.external_id)) &&
      try(length(var.trusted_roles.external_id) >= 2 && length(var.trusted_roles.external_id) <= 1224, false)
    )
    error_message = "An external id has 2 to 1224 letters, digits or characters of _+=,.@:/-."
  }
}
