;; The right names with other types.
(component
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $f (canon lift (core func $i "f")))
  (instance $x (export "describe" (func $f)) (export "render" (func $f)))
  (export "zuul-operator:plugin/driver@0.1.0" (instance $x)))
