;; One line whose value is secret number {N}.
(data (i32.const 256) "\10\02\00\00\01\00\00\00" "\20\01\00\00\01\00\00\00" "\01\00\00\00")
(data (i32.const 288) "\01\00\00\00")
(data (i32.const 528) "k")
(func (export "render") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (i32.store (i32.const 292) (i32.const {N}))
  (i32.store (i32.const 132) (i32.const 256)) (i32.store (i32.const 136) (i32.const 1))
  (i32.const 128))
