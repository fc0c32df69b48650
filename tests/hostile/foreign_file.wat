;; A file that is not below the mount.
(data (i32.const 256) "\00\02\00\00\0b\00\00\00" "\00\00\00\00" "\01\00\00\00")
(data (i32.const 512) "/etc/passwd")
(func (export "render") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (i32.store (i32.const 140) (i32.const 256)) (i32.store (i32.const 144) (i32.const 1))
  (i32.const 128))
