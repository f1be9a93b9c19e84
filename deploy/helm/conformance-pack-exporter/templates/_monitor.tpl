{{/* What a scrape is, for a ServiceMonitor and a PodMonitor alike. */}}
{{- define "exporter.endpoint" -}}
{{- $monitor := .Values.monitor -}}
- port: metrics
  path: {{ include "exporter.telemetryPath" . }}
  scheme: {{ ternary "https" "http" .Values.web.tls }}
  interval: {{ $monitor.interval }}
  scrapeTimeout: {{ $monitor.scrapeTimeout }}
  {{- with $monitor.tlsConfig }}
  tlsConfig:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $monitor.basicAuth }}
  basicAuth:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  relabelings:
    - targetLabel: job
      replacement: {{ $monitor.jobName }}
    # The pod, which a shard keeps, instead of its address, which it does not.
    - sourceLabels: [__meta_kubernetes_pod_name]
      targetLabel: instance
    {{- range $name, $value := $monitor.targetLabels }}
    - targetLabel: {{ $name }}
      replacement: {{ $value | quote }}
    {{- end }}
    {{- with $monitor.relabelings }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $monitor.metricRelabelings }}
  metricRelabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
