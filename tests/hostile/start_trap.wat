;; Traps before any function is called.
(func $start (unreachable))
(start $start)
(func (export "render") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) (i32.const 128))
