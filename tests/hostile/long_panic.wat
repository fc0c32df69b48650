;; The panic message is {N} bytes long: the prefix and as many `a` as fill it.
(func (export "render") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (memory.fill (i32.const 1024) (i32.const 97) (i32.const {N}))
  (i32.store (i32.const 1024) (i32.const 0x696e6170)) ;; "pani"
  (i32.store16 (i32.const 1028) (i32.const 0x3a63)) ;; "c:"
  (i32.store8 (i32.const 1030) (i32.const 32))
  (call $write (i32.const 4) (i32.const 1024) (i32.const {N}))
  (unreachable))
