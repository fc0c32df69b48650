;; 100,000 lines, then an answer.
(data (i32.const 512) "noise")
(func (export "render") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (local $n i32)
  (loop $again
    (call $write (i32.const 2) (i32.const 512) (i32.const 5))
    (local.set $n (i32.add (local.get $n) (i32.const 1)))
    (br_if $again (i32.lt_u (local.get $n) (i32.const 100000))))
  (i32.const 128))
