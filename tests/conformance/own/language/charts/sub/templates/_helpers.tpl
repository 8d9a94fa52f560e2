{{ define "shadowed" }}sub{{ end }}
