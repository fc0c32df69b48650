;; One line with a key that is no UTF-8.
(data (i32.const 256) "\10\02\00\00\02\00\00\00" "\00\00\00\00\00\00\00\00" "\01\00\00\00")
(data (i32.const 528) "\ff\fe")
(func (export "render") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (i32.store (i32.const 132) (i32.const 256)) (i32.store (i32.const 136) (i32.const 1))
  (i32.const 128))
