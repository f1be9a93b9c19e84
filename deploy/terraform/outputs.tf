output "role_arn" {
  description = "ARN of the role: for --aws.role-arn, a service account's annotation or a task definition."
  value       = aws_iam_role.this.arn
}

output "role_name" {
  description = "Name of the role."
  value       = aws_iam_role.this.name
}

output "instance_profile_name" {
  description = "Name of the instance profile, with ec2."
  value       = one(aws_iam_instance_profile.this[*].name)
}

output "service_account_annotations" {
  description = "What the service account has to be annotated with: something with irsa, nothing with pod_identity."
  value       = var.irsa == null ? {} : { "eks.amazonaws.com/role-arn" = aws_iam_role.this.arn }
}

output "policy" {
  description = "What the role allows, as JSON."
  value       = local.policy
}

output "trust_policy" {
  description = "Who may assume the role, as JSON."
  value       = local.trust_policy
}
