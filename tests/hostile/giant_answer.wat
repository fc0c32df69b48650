;; {N} lines without values, whose keys are 1, 2, 3 … bytes long.
(func (export "render") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (local $n i32) (local $at i32)
  (drop (memory.grow (i32.const 64)))
  (local.set $at (i32.const 65536))
  (block $done (loop $again
    (br_if $done (i32.ge_u (local.get $n) (i32.const {N})))
    ;; the keys are growing runs of the memory from 1024 on
    (i32.store (local.get $at) (i32.const 1024))
    (i32.store (i32.add (local.get $at) (i32.const 4)) (i32.add (local.get $n) (i32.const 1)))
    (i32.store8 (i32.add (local.get $n) (i32.const 1024)) (i32.const 97))
    (local.set $at (i32.add (local.get $at) (i32.const 28)))
    (local.set $n (i32.add (local.get $n) (i32.const 1)))
    (br $again)))
  (i32.store (i32.const 132) (i32.const 65536))
  (i32.store (i32.const 136) (i32.const {N}))
  (i32.const 128))
