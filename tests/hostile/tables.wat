;; Three tables.
(table 1 funcref) (table 1 funcref) (table 1 funcref)
(func (export "render") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) (i32.const 128))
