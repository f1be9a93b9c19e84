{{/* The pods of a Deployment and of a StatefulSet alike. */}}
{{- define "exporter.podTemplate" -}}
metadata:
  # No versions: a chart that changes nothing about the pods restarts none.
  labels:
    {{- $own := include "exporter.selectorLabels" . | fromYaml }}
    {{- toYaml (mergeOverwrite (dict) .Values.commonLabels .Values.podLabels $own) | nindent 4 }}
  {{- $restarts := and .Values.restartOnConfigChange (not .Values.configSecret.name) }}
  {{- if or $restarts .Values.podAnnotations }}
  annotations:
    {{- if $restarts }}
    checksum/config: {{ include "exporter.config" . | sha256sum | quote }}
    {{- end }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
spec:
  serviceAccountName: {{ include "exporter.serviceAccountName" . | quote }}
  # Nothing is asked of Kubernetes. IRSA and EKS Pod Identity bring tokens of their own.
  automountServiceAccountToken: false
  # A Service of the same name would set CONFORMANCE_PACK_EXPORTER_PORT and the like, and the exporter
  # refuses variables with its prefix that it does not know.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ int .Values.terminationGracePeriodSeconds }}
  {{- with .Values.image.pullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . | quote }}
  {{- end }}
  {{- with .Values.podSecurityContext }}
  securityContext:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: exporter
      image: {{ include "exporter.image" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args:
        {{- include "exporter.args" . | nindent 8 }}
      {{- if or (gt (int .Values.shards.total) 1) .Values.extraEnv }}
      env:
        {{- if gt (int .Values.shards.total) 1 }}
        # --shard.index=auto takes the number from it.
        - name: HOSTNAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        {{- end }}
        {{- with .Values.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- end }}
      {{- with .Values.extraEnvFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        - name: metrics
          containerPort: {{ int .Values.web.port }}
          protocol: TCP
      startupProbe:
        {{- include "exporter.probe" (list . "/-/healthy" .Values.probes.startup) | nindent 8 }}
      livenessProbe:
        {{- include "exporter.probe" (list . "/-/healthy" .Values.probes.liveness) | nindent 8 }}
      readinessProbe:
        {{- include "exporter.probe" (list . "/-/ready" .Values.probes.readiness) | nindent 8 }}
      {{- with .Values.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.securityContext }}
      securityContext:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      volumeMounts:
        - name: config
          mountPath: /etc/conformance-pack-exporter/config
          readOnly: true
        {{- if .Values.web.configSecret }}
        - name: web-config
          mountPath: /etc/conformance-pack-exporter/web
          readOnly: true
        {{- end }}
        {{- if .Values.state.enabled }}
        - name: state
          mountPath: /var/lib/conformance-pack-exporter
        {{- end }}
        {{- with .Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    {{- with .Values.extraContainers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  volumes:
    - name: config
      {{- if .Values.configSecret.name }}
      secret:
        secretName: {{ .Values.configSecret.name | quote }}
        # 0440
        defaultMode: 288
      {{- else }}
      configMap:
        name: {{ include "exporter.fullname" . | quote }}
      {{- end }}
    {{- if .Values.web.configSecret }}
    - name: web-config
      secret:
        secretName: {{ .Values.web.configSecret | quote }}
        # 0440
        defaultMode: 288
    {{- end }}
    {{- $claim := .Values.state.persistentVolumeClaim }}
    {{- if and .Values.state.enabled (not $claim.enabled) }}
    - name: state
      emptyDir:
        sizeLimit: {{ $claim.size }}
    {{- else if and .Values.state.enabled (le (int .Values.shards.total) 1) }}
    - name: state
      persistentVolumeClaim:
        claimName: {{ default (include "exporter.fullname" .) $claim.existingClaim | quote }}
    {{- end }}
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.topologySpreadConstraints }}
  topologySpreadConstraints:
    {{- $pods := dict "labelSelector" (dict "matchLabels" $own) }}
    {{- range . }}
    {{- toYaml (list (mergeOverwrite (dict) $pods .)) | nindent 4 }}
    {{- end }}
  {{- end }}
{{- end -}}

{{/* A probe of a path, with its times: (list context path times). */}}
{{- define "exporter.probe" -}}
{{- $context := index . 0 -}}
{{- $times := index . 2 -}}
{{- if eq $context.Values.probes.handler "tcpSocket" -}}
tcpSocket:
  port: metrics
{{- else -}}
httpGet:
  path: {{ include "exporter.prefix" $context }}{{ index . 1 }}
  port: metrics
  scheme: {{ ternary "HTTPS" "HTTP" $context.Values.web.tls }}
{{- end }}
periodSeconds: {{ int $times.periodSeconds }}
timeoutSeconds: {{ int $times.timeoutSeconds }}
failureThreshold: {{ int $times.failureThreshold }}
{{- end -}}

{{/* What a claim for the state asks for. */}}
{{- define "exporter.claimSpec" -}}
{{- $claim := .Values.state.persistentVolumeClaim -}}
accessModes:
  {{- toYaml $claim.accessModes | nindent 2 }}
{{- with $claim.storageClassName }}
storageClassName: {{ . | quote }}
{{- end }}
resources:
  requests:
    storage: {{ $claim.size }}
{{- end -}}
