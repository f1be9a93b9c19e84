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
{{- $interval := include "exporter.milliseconds" .Values.monitor.interval | atoi -}}
{{- if gt (include "exporter.milliseconds" .Values.monitor.scrapeTimeout | atoi) $interval -}}
{{- $problems = append $problems (printf "monitor.scrapeTimeout is %s, longer than monitor.interval, which is %s" .Values.monitor.scrapeTimeout .Values.monitor.interval) -}}
{{- end -}}
{{- $monitored := int64 .Values.monitor.sampleLimit -}}
{{- $limit := include "exporter.samplesLimit" . -}}
{{- if and (ne .Values.monitor.kind "none") $monitored $limit -}}
{{- if eq $limit "0" -}}
{{- $problems = append $problems "samples.limit is 0, so that monitor.sampleLimit has to be 0" -}}
{{- else if lt (mul 10 $monitored) (mul 11 (atoi $limit)) -}}
{{- $problems = append $problems (printf "monitor.sampleLimit is %d, less than a tenth above samples.limit, which is %s" $monitored $limit) -}}
{{- end -}}
{{- end -}}
{{- $divided := and (gt (int .Values.shards.total) 1) (not .Values.configSecret.name) -}}
{{- range (include "exporter.overrides" . | fromJson).overrides -}}
{{- /* These follow from other values, or are what probes and monitors go by. */ -}}
{{- if regexMatch "^(CONFIG_(FILE|CHECK)|WEB_(LISTEN_ADDRESS|CONFIG_FILE|TELEMETRY_PATH|ROUTE_PREFIX|EXTERNAL_URL|HEALTH_WITHOUT_AUTH)|STATE_FILE|SHARD_(INDEX|TOTAL))$" .option -}}
{{- $problems = append $problems (printf "%s is what other values, or config, are for" .place) -}}
{{- else if and $divided (eq .option "REFRESH_REQUESTS_PER_SECOND") -}}
{{- $problems = append $problems (printf "%s would be the rate of each shard; config.refresh.requests_per_second is that of all of them" .place) -}}
{{- end -}}
{{- end -}}
{{- if $problems -}}
{{- fail (printf "\n  %s" (join "\n  " $problems)) -}}
{{- end -}}
{{- end -}}

{{/*
Options of the exporter that beat its configuration file, as JSON: each with its name in the environment without
the prefix, its value where the values have it, and the place where it was given. The last one counts.
*/}}
{{- define "exporter.overrides" -}}
{{- $overrides := list -}}
{{- range .Values.extraEnv -}}
{{- if hasPrefix "CONFORMANCE_PACK_EXPORTER_" .name -}}
{{- $option := trimPrefix "CONFORMANCE_PACK_EXPORTER_" .name -}}
{{- $overrides = append $overrides (dict "option" $option "value" (default "" .value) "place" (printf "extraEnv: %s" .name)) -}}
{{- end -}}
{{- end -}}
{{- range .Values.extraArgs -}}
{{- $flag := regexFind "^[^=]+" . -}}
{{- $option := $flag | trimPrefix "--" | trimPrefix "no-" | replace "." "_" | replace "-" "_" | upper -}}
{{- $overrides = append $overrides (dict "option" $option "value" (. | trimPrefix $flag | trimPrefix "=") "place" (printf "extraArgs: %s" .)) -}}
{{- end -}}
{{- dict "overrides" $overrides | toJson -}}
{{- end -}}

{{/* The limit of samples that the exporter keeps, 0 for none; nothing where a Secret has it. */}}
{{- define "exporter.samplesLimit" -}}
{{- $samples := default dict .Values.config.samples -}}
{{- $limit := hasKey $samples "limit" | ternary (printf "%d" (int64 $samples.limit)) "250000" -}}
{{- if .Values.configSecret.name -}}
{{- $limit = "" -}}
{{- end -}}
{{- range (include "exporter.overrides" . | fromJson).overrides -}}
{{- if eq .option "SAMPLES_LIMIT" -}}
{{- $limit = .value -}}
{{- end -}}
{{- end -}}
{{- $limit -}}
{{- end -}}

{{/* A duration of Prometheus. */}}
{{- define "exporter.milliseconds" -}}
{{- $units := dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000 "d" 86400000 "w" 604800000 "y" 31536000000 -}}
{{- $sum := 0 -}}
{{- range regexFindAll "[0-9]+[a-z]+" . -1 -}}
{{- $unit := regexFind "[a-z]+" . -}}
{{- $sum = add $sum (mul (trimSuffix $unit . | atoi) (get $units $unit)) -}}
{{- end -}}
{{- $sum -}}
{{- end -}}
