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
    # A pod of a Deployment has another name and another address after each rollout; its series are to stay
    # the same. Those of a StatefulSet keep their numbers.
    - sourceLabels: [__meta_kubernetes_pod_name]
      regex: (.+?)(?:-[a-z0-9]{5,10}-[a-z0-9]{5})?
      targetLabel: instance
    # The whole name, which the operator adds.
    - action: labeldrop
      regex: pod
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
