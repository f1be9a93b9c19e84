{{/*
The configuration file. AWS counts calls by account and Region, whichever shard makes them, so that
each shard has its part of the rate. The status page leads to the same runbooks as the alerts.
*/}}
{{- define "exporter.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- $total := int .Values.shards.total -}}
{{- if gt $total 1 -}}
{{- $refresh := default dict $config.refresh -}}
{{- $rate := default 5 $refresh.requests_per_second -}}
{{- $part := divf $rate $total | maxf 0.01 -}}
{{- $_ := set $refresh "requests_per_second" (round $part 3) -}}
{{- $_ := set $config "refresh" $refresh -}}
{{- end -}}
{{- with .Values.prometheusRule.runbookBaseUrl -}}
{{- $web := default dict $config.web -}}
{{- if not $web.runbooks_url -}}
{{- $_ := set $web "runbooks_url" . -}}
{{- $_ := set $config "web" $web -}}
{{- end -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{/* Prefix of all routes, without a slash at its end. */}}
{{- define "exporter.prefix" -}}
{{- $web := default dict .Values.config.web -}}
{{- $prefix := default "" $web.route_prefix -}}
{{- if and (not $prefix) $web.external_url -}}
{{- $prefix = (urlParse $web.external_url).path -}}
{{- end -}}
{{- $prefix | trimSuffix "/" -}}
{{- end -}}

{{- define "exporter.telemetryPath" -}}
{{- $web := default dict .Values.config.web -}}
{{- include "exporter.prefix" . }}{{ default "/metrics" $web.telemetry_path -}}
{{- end -}}

{{- define "exporter.args" -}}
- --config.file=/etc/conformance-pack-exporter/config/{{ ternary .Values.configSecret.key "exporter.yaml" (ne .Values.configSecret.name "") }}
- --web.listen-address=:{{ int .Values.web.port }}
{{- if .Values.web.configSecret }}
- --web.config.file=/etc/conformance-pack-exporter/web/{{ .Values.web.configKey }}
- --web.health-without-auth
{{- end }}
{{- if .Values.state.enabled }}
- --state.file=/var/lib/conformance-pack-exporter/state
{{- end }}
{{- if gt (int .Values.shards.total) 1 }}
- --shard.index=auto
- --shard.total={{ int .Values.shards.total }}
{{- end }}
{{- with .Values.extraArgs }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Not empty where the values name a Region, or may do so with what the chart does not see. */}}
{{- define "exporter.namesRegion" -}}
{{- $aws := default dict .Values.config.aws -}}
{{- if or .Values.configSecret.name .Values.config.sources $aws.region .Values.extraEnvFrom -}}
yes
{{- end -}}
{{- range .Values.extraArgs -}}
{{- if regexMatch "^--(demo|aws\\.region)(=|$)" . -}}
yes
{{- end -}}
{{- end -}}
{{- range .Values.extraEnv -}}
{{- if has .name (list "AWS_REGION" "CONFORMANCE_PACK_EXPORTER_AWS_REGION") -}}
yes
{{- end -}}
{{- end -}}
{{- end -}}
