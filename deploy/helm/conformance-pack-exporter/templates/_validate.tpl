{{/* Values that are right each for itself and wrong together; all of them are told at once. */}}
{{- define "exporter.validate" -}}
{{- $claim := .Values.state.persistentVolumeClaim -}}
{{- $problems := list -}}
{{- if and .Values.config .Values.configSecret.name -}}
{{- $problems = append $problems "config and configSecret.name cannot be given together" -}}
{{- end -}}
{{- if and .Values.web.tls (not .Values.web.configSecret) -}}
{{- $problems = append $problems "web.tls needs web.configSecret, whose file turns TLS on" -}}
{{- end -}}
{{- if and .Values.monitor.tlsConfig (not .Values.web.tls) -}}
{{- $problems = append $problems "monitor.tlsConfig is of no use without web.tls" -}}
{{- end -}}
{{- if and .Values.monitor.basicAuth (not .Values.web.configSecret) -}}
{{- $problems = append $problems "monitor.basicAuth is of no use without web.configSecret, whose file has the users" -}}
{{- end -}}
{{- if and $claim.enabled (not .Values.state.enabled) -}}
{{- $problems = append $problems "state.persistentVolumeClaim.enabled is of no use without state.enabled" -}}
{{- end -}}
{{- if and $claim.existingClaim (not $claim.enabled) -}}
{{- $problems = append $problems "state.persistentVolumeClaim.existingClaim is of no use without state.persistentVolumeClaim.enabled" -}}
{{- end -}}
{{- if and $claim.existingClaim (gt (int .Values.shards.total) 1) -}}
{{- $problems = append $problems "state.persistentVolumeClaim.existingClaim is one claim, and each of several shards needs one of its own" -}}
{{- end -}}
{{- /* These follow from other values, or are what probes and monitors go by. */ -}}
{{- range .Values.extraArgs -}}
{{- if regexMatch "^--(config\\.(file|check)|web\\.(listen-address|config\\.file|telemetry-path|route-prefix|external-url)|(no-)?web\\.health-without-auth|state\\.file|shard\\.(index|total))(=|$)" . -}}
{{- $problems = append $problems (printf "extraArgs: %s is what other values, or config, are for" .) -}}
{{- end -}}
{{- end -}}
{{- if $problems -}}
{{- fail (printf "\n  %s" (join "\n  " $problems)) -}}
{{- end -}}
{{- end -}}
