;; Traps when it is called twice in one instance.
(global $called (mut i32) (i32.const 0))
(func (export "render") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (if (global.get $called) (then (unreachable)))
  (global.set $called (i32.const 1))
  (i32.const 128))
