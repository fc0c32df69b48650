;; One file below the mount `/m` with secret number {N}.
(data (i32.const 256) "\00\02\00\00\04\00\00\00" "\00\00\00\00" "\01\00\00\00")
(data (i32.const 512) "/m/f")
(func (export "render") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (i32.store (i32.const 264) (i32.const {N}))
  (i32.store (i32.const 140) (i32.const 256)) (i32.store (i32.const 144) (i32.const 1))
  (i32.const 128))
