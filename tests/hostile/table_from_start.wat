;; A table of {N} elements, in a core instance beside the body: this ends the body and begins a
;; module that nobody uses, which the world ends.
(func (export "render") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) (i32.const 128)))
(core module $Other (table {N} funcref))
(core instance (instantiate $Other))
(core module $Unused
