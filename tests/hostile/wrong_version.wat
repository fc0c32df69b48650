(component
  (core module $m (func (export "render")))
  (core instance $i (instantiate $m))
  (func $render (canon lift (core func $i "render")))
  (instance $x (export "render" (func $render)))
  (export "zuul-operator:plugin/driver@7.0.0" (instance $x)))
